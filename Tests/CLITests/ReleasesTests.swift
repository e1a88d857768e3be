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
                project, as: "shop:1.0",
                [
                    "--all-releases", "--output", "oci:\(layout)", "--report-output-dir",
                    bench.folder.appending("reports").string,
                ]
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
            for (name, image) in [("web_rel", web), ("worker_rel", worker)] {
                let report = try bench.folder.appending("reports/\(name)/report.toml").readText()
                #expect(report.contains("shop-\(name):1.0") && report.contains(image.digest), "\(report)")
            }
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

    @Test("In a child of an umbrella the umbrella is built; the release is the one with the child, or must be named")
    func child() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let apps = project.appending("apps")
            let several = try await bench.tryBuild(apps.appending("core"), as: "core")
            #expect(several.status == 22, "\(several)")
            #expect(
                several.errorOutput.contains("core is in several releases of the umbrella \(project)"), "\(several)")
            #expect(several.errorOutput.contains("web_rel, worker_rel"), "\(several)")
            let other = try await bench.tryBuild(apps.appending("core"), as: "core", ["--release", "none"])
            #expect(other.status == 22 && other.description.contains("there are web_rel, worker_rel"), "\(other)")
            let detect = try await bench.mixpack.run(["detect", "--path", apps.appending("web").string])
            #expect(detect.status == 22 && detect.output.contains("--child"), "\(detect)")
            let none = try await bench.tryBuild(project, as: "none", ["--child"])
            #expect(none.status == 3 && none.errorOutput.contains("is not a child of an umbrella"), "\(none)")
        }
    }

    @Test("--child builds a child alone, with what it needs of the umbrella and nothing else")
    func childAlone() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let worker = project.appending("apps/worker")
            let detected = try await bench.mixpack.run(["detect", "--child", "--path", worker.string]).succeeded()
            #expect(detected.output.contains("../../config/runtime.exs:"), "\(detected)")
            let image = try await bench.build(worker, ["--child"])
            #expect(try await image.paths().contains { $0.hasSuffix("/releases/0.2.0/runtime.exs") })
            let paths = try await image.paths()
            for app in ["worker", "core"] { #expect(paths.contains { $0.contains("/lib/\(app)-0.2.0") }, "\(app)") }
            #expect(!paths.contains { $0.contains("/lib/web-0.2.0") })
        }
    }
}
