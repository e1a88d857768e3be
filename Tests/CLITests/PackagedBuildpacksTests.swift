import SystemPackage
import TestSupport
import Testing

/// mixpack's buildpacks as other platforms get them, run by mixpack's own lifecycle through the sandbox.
@Suite(.serialized) struct PackagedBuildpacksTests {
    @Test("buildpack package writes folders, a .cnb file and a layout that skopeo reads")
    func places() async throws {
        try await Workbench.run { bench in
            let folder = bench.folder.appending("folders")
            let file = bench.folder.appending("elixir.cnb")
            let layout = bench.folder.appending("layout")
            let end = try await bench.mixpack.run(
                ["buildpack", "package", folder.string, file.string, "oci:\(layout):bp"]
            ).succeeded()
            #expect(end.lines.count == 6)
            #expect(try folder.names().sorted() == ["elixir", "elixir-runtime", "erlang-runtime", "mix-release"])
            let manifest = try folder.appending("mix-release/buildpack.toml").readText()
            for text in [
                "id = \"io.github.carlo-colombo.mix-release\"", "[[stacks]]\nid = \"*\"",
                "[[targets]]\nos = \"linux\"",
            ] { #expect(manifest.contains(text), "\(manifest)") }
            for place in ["oci-archive:\(file)", "oci:\(layout):bp"] {
                let inspected = try await run(try findTool("skopeo"), ["inspect", "--config", place]).succeeded()
                let labels = try JSONValue(parsing: inspected.output)["config"]?["Labels"]
                let metadata = try JSONValue(parsing: labels?["io.buildpacks.buildpackage.metadata"]?.string ?? "")
                #expect(metadata["id"]?.string == "io.github.carlo-colombo.elixir")
                let layers = try JSONValue(parsing: labels?["io.buildpacks.buildpack.layers"]?.string ?? "")
                #expect(layers.object?.count == 4)
                // The program is there once.
                let all = try JSONValue(parsing: inspected.output)["rootfs"]?["diff_ids"]?.array
                #expect(all?.count == 1)
            }
            // One program, which needs no Swift and none of the console's libraries.
            let libraries = try await run("/usr/bin/ldd", [folder.appending("mix-release/bin/build").string]).output
            for name in ["libswift", "ncurses", "libarchive", "libcurl"] { #expect(!libraries.contains(name)) }
        }
    }

    @Test("a place of an unknown kind is exit code 3, one that cannot be written 62")
    func badPlaces() async throws {
        try await Workbench.run { bench in
            let unknown = try await bench.mixpack.run(["buildpack", "package", "nowhere:x"])
            #expect(unknown.status == 3, "\(unknown)")
            let file = bench.folder.appending("file")
            try file.write("x")
            let blocked = try await bench.mixpack.run(["buildpack", "package", "\(file)/folder"])
            #expect(blocked.status == 62, "\(blocked)")
        }
    }

    @Test(
        "packaged, in the sandbox, they make the same image as in process, for folders and for a buildpackage",
        arguments: Soak.all([SampleProject.hello, .umbrella], orFirst: 1))
    func same(_ sample: SampleProject) async throws {
        try await Workbench.run { bench in
            let folders = bench.folder.appending("folders")
            let file = bench.folder.appending("elixir.cnb")
            _ = try await bench.mixpack.run(["buildpack", "package", folders.string, file.string]).succeeded()
            let project = try bench.sample(sample)
            let release = sample == .umbrella ? ["--release", "web_rel"] : []
            let own = try await bench.build(project, as: "own", release)
            let packaged = try await bench.build(project, as: "own", release + ["-b", file.string], into: "packaged")
            #expect(packaged.configuration == own.configuration)
            #expect(packaged.diffIDs == own.diffIDs)
            #expect(packaged.digest == own.digest)
            let names = ["elixir", "elixir-runtime", "erlang-runtime", "mix-release"]
            let given = names.flatMap { ["-b", folders.appending($0).string] }
            let again = try await bench.build(project, as: "own", release + given, into: "folders-layout")
            #expect(again.digest == own.digest)
            #expect(try await packaged.problems() == [])
            let answer = try await bench.answer(
                of: packaged, from: "\(Workbench.release)/bin/\(sample == .umbrella ? "web_rel" : "hello")",
                sample == .umbrella ? "IO.puts(Core.visits())" : "IO.puts(Hello.greeting())",
                environment: ["SECRET_KEY_BASE": String(repeating: "s", count: 64)])
            #expect(sample == .umbrella ? answer == "0\n" : !answer.isEmpty)
            #expect(try project.tree().allSatisfy { !$0.hasPrefix("_build") })
        }
    }

    @Test("packaged, they bring Erlang and Elixir to a build image that has none, and keep them in a cached layer")
    func bareBuildImage() async throws {
        try await Workbench.run { bench in
            let folders = bench.folder.appending("folders")
            _ = try await bench.mixpack.run(["buildpack", "package", folders.string]).succeeded()
            let server = try FileServer(serving: try await BuildsMirror(in: bench.folder.appending("mirror")).folder)
            let phases = BuildpackPhases(
                buildpacks: folders, folder: bench.folder.appending("platform"),
                path: try bareMachinePath(in: bench.folder.appending("tools")),
                variables: ["MIXPACK_BUILDS_URL": server.url])
            let project = try bench.sample(.hello)
            let first = try await phases.run(project)
            #expect(first.contains("fetching OTP-") && first.contains("from \(server.url)"), "\(first)")
            let release = phases.layers.appending("io.github.carlo-colombo.mix-release/release")
            let started = try await TestSupport.run(
                release.appending("bin/hello"),
                ["eval", "{:ok, _} = Application.ensure_all_started(:hello); IO.puts(Hello.greeting())"],
                environment: ["PATH": phases.path, "RELEASE_COOKIE": "test"]
            ).succeeded()
            #expect(started.output.contains("Hello"), "\(started)")
            let kept = try phases.layers.appending("io.github.carlo-colombo.erlang-runtime/toolchains.toml").readText()
            #expect(kept.contains("cache = true") && kept.contains("launch = false"), "\(kept)")

            // The platform hands back what is cached; the network is not asked again.
            let asked = server.requests.count
            let second = try await phases.run(project)
            #expect(!second.contains("fetching"), "\(second)")
            #expect(server.requests.count == asked)
        }
    }

    @Test("packaged, without curl and without Erlang, they say what the build image lacks")
    func noCurl() async throws {
        try await Workbench.run { bench in
            let folders = bench.folder.appending("folders")
            _ = try await bench.mixpack.run(["buildpack", "package", folders.string]).succeeded()
            let tools = bench.folder.appending("tools")
            let phases = BuildpackPhases(
                buildpacks: folders, folder: bench.folder.appending("platform"),
                path: try bareMachinePath(in: tools), variables: [:])
            try tools.appending("curl").remove()
            let failure = await #expect(throws: TestSupportError.self) {
                try await phases.run(try bench.sample(.hello))
            }
            #expect("\(failure.map { "\($0)" } ?? "")".contains("the build image has no curl"))
        }
    }

    @Test("packaged, they tell of a project that fails, and of one that is none, with the lifecycle's exit codes")
    func fates() async throws {
        try await Workbench.run { bench in
            let file = bench.folder.appending("elixir.cnb")
            _ = try await bench.mixpack.run(["buildpack", "package", file.string]).succeeded()
            let broken = try bench.mini("broken") { $0.files["lib/broken.ex"] = "defmodule Broken do\n  x\nend\n" }
            let failed = try await bench.tryBuild(broken, ["-b", file.string])
            #expect(failed.status == 51, "\(failed)")
            #expect((failed.output + failed.errorOutput).contains("lib/broken.ex"))
            let empty = bench.folder.appending("empty")
            try empty.appending("README").write("x")
            let none = try await bench.tryBuild(empty, ["-b", file.string])
            #expect(none.status == 20, "\(none)")
        }
    }
}
