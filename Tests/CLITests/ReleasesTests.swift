import SystemPackage
import TestSupport
import Testing

/// Releases of umbrellas: all at once, and where mix.exs has none.
@Suite(.serialized) struct ReleasesTests {
    @Test("All releases are built in one go: what was compiled and the layers are shared")
    func all() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let layout = bench.folder.appending("layout")
            let end = try await bench.tryBuild(
                project, as: "shop:1.0", ["--all-releases", "--output", "oci:\(layout)"]
            ).succeeded()
            #expect(end.output.contains("RELEASE web_rel (1 of 2)"))
            #expect(end.output.contains("RELEASE worker_rel (2 of 2)"))
            // Compiled once.
            #expect(end.lines.filter { $0.contains("Compiling") && $0.contains("file") }.count == 3, "\(end)")
            let web = try ImageFacts(layout: layout, tag: "web_rel")
            let worker = try ImageFacts(layout: layout, tag: "worker_rel")
            #expect(try web.diffID(of: "base") == worker.diffID(of: "base"))
            #expect(try web.diffID(of: "release") != worker.diffID(of: "release"))
            #expect(web.labels["io.mixpack.release"]?.string == "web_rel")
        }
    }

    @Test("An entry for mix.exs is shown and written by a flag, and the build goes on with it")
    func written() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let file = project.appending("mix.exs")
            try file.write(try file.readText().replacing(",\n      releases: releases()", with: ""))
            let stopped = try await bench.tryBuild(project, as: "shop")
            #expect(stopped.status == 22)
            #expect(stopped.description.contains("--write-releases"))
            #expect(try !file.readText().contains("releases:"))
            let end = try await bench.tryBuild(project, as: "shop", ["--write-releases"]).succeeded()
            #expect(end.errorOutput.contains("+      releases: ["))
            #expect(try file.readText().contains("web: :permanent"))
            let again = try await bench.tryBuild(project, as: "shop", ["--write-releases"]).succeeded()
            #expect(again.errorOutput.contains("stays as it is"))
        }
    }

    @Test("A child of an umbrella names the umbrella's folder, wherever the build was started")
    func child() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let end = try await bench.tryBuild(project.appending("apps/web"), as: "web")
            #expect(end.status == 22)
            #expect(end.description.contains("build the umbrella: --path \(project)"), "\(end)")
        }
    }
}
