import BuildpackAPI
import Diagnostics
import Files
import Synchronization
import SystemPackage
import TOMLCoding
import TestSupport
import Testing

@testable import BuildpackFiles

/// A buildpack that does what a test tells it to.
private struct ToldBuildpack: Buildpack {
    var descriptor = BuildpackDescriptor(id: "test/told", version: "1", api: "0.10", name: "told")
    var detecting: @Sendable (DetectContext) async throws -> DetectResult = { _ in .pass(BuildPlan()) }
    var building: @Sendable (BuildContext) async throws -> BuildResult = { _ in BuildResult() }

    func detect(_ context: DetectContext) async throws -> DetectResult { try await detecting(context) }
    func build(_ context: BuildContext) async throws -> BuildResult { try await building(context) }
}

@Suite("A buildpack as bin/detect and bin/build")
struct BuildpackProgramTests {
    /// The folders of a call, and what was printed.
    private final class Bench: Sendable {
        let folder: FilePath
        let printed = Mutex("")

        init(_ folder: FilePath, id: String = "test/told") throws {
            self.folder = folder
            try folder.appending("bp/buildpack.toml").write(
                "api = \"0.10\"\n[buildpack]\nid = \"\(id)\"\nversion = \"3.2.1\"\n")
            for name in ["app", "layers", "platform/env"] { try folder.appending(name).makeFolder() }
            try folder.appending("plan.toml").write("")
        }

        func run(
            _ role: String, _ buildpack: ToldBuildpack, environment: [String: String] = [:], workspace: FilePath? = nil
        ) async -> Int32 {
            let arguments =
                role == "detect" ? ["platform", "plan.toml"] : ["layers", "platform", "plan.toml"]
            let call = ProgramCall(
                words: ([["bp/bin/\(role)"], arguments].joined()).map { folder.appending($0).string },
                environment: environment, workingDirectory: folder.appending("app"))
            let program = BuildpackProgram(
                { _ in [buildpack] }, workspace: workspace ?? folder.appending("app"),
                write: { text in self.printed.withLock { $0 += text } })
            return await program.run(call)
        }

        func text(_ path: String) throws -> String { try folder.appending(path).readText() }
    }

    @Test("bin/detect writes its plan, with metadata and alternatives, and passes with 0")
    func detect() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            try folder.appending("platform/env/RELEASE").write("web\n")
            var buildpack = ToldBuildpack()
            buildpack.detecting = { context in
                #expect(context.applicationDirectory == folder.appending("app"))
                #expect(context.platformVariables == ["RELEASE": "web\n"])
                #expect(context.target.distributionName == "debian")
                return .pass(
                    BuildPlan(
                        provides: ["a"],
                        requires: [.init("b", metadata: ["version": .string("1"), "list": .array([.integer(2)])])],
                        alternatives: [BuildPlan(provides: ["c"])]))
            }
            #expect(await bench.run("detect", buildpack, environment: ["CNB_TARGET_DISTRO_NAME": "debian"]) == 0)
            #expect(
                try bench.text("plan.toml") == """
                    [[provides]]
                    name = "a"

                    [[requires]]
                    name = "b"

                    [requires.metadata]
                    list = [2]
                    version = "1"

                    [[or]]

                    [[or.provides]]
                    name = "c"

                    """)
        }
    }

    @Test("what does not fit is 100 with its reason, an error 1 with what to try")
    func failing() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            var buildpack = ToldBuildpack()
            buildpack.detecting = { _ in .fail(reason: "no mix.exs") }
            #expect(await bench.run("detect", buildpack) == 100)
            buildpack.detecting = { _ in throw Failure(.notApplicable, "not mine") }
            #expect(await bench.run("detect", buildpack) == 100)
            buildpack.detecting = { _ in throw Failure(.cannotPlan, "two releases", advice: "name one") }
            #expect(await bench.run("detect", buildpack) == 1)
            buildpack.building = { _ in throw Failure(.commandFailed, "mix failed") }
            #expect(await bench.run("build", buildpack) == 1)
            #expect(await bench.run("other", buildpack) == 1)
            let printed = bench.printed.withLock { $0 }
            #expect(
                printed.hasPrefix(
                    "no mix.exs\nERROR: not mine\nERROR: two releases\n  name one\nERROR: mix failed\n"), "\(printed)")
        }
    }

    @Test("bin/build writes bills of materials of what goes into the image")
    func bills() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            var buildpack = ToldBuildpack()
            buildpack.building = { _ in
                var result = BuildResult()
                result.bills = ["cdx.json": Array("{}".utf8)]
                return result
            }
            #expect(await bench.run("build", buildpack) == 0)
            #expect(try bench.text("layers/launch.sbom.cdx.json") == "{}")
        }
    }

    @Test("bin/build gets its plan and writes layers, launch.toml, build.toml and store.toml")
    func build() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            try folder.appending("plan.toml").write("[[entries]]\nname = \"x\"\n[entries.metadata]\nversion = \"7\"\n")
            var buildpack = ToldBuildpack()
            buildpack.building = { context in
                #expect(context.plan == [.init("x", metadata: ["version": .string("7")])])
                #expect(context.layersDirectory == folder.appending("layers"))
                try context.layersDirectory.appending("l/bin/run").write("x", mode: 0o700)
                try context.cacheDirectory.appending("kept").write("x")
                context.reporter(.notice("hello"))
                return BuildResult(
                    layers: [
                        LayerContribution(
                            "l", types: [.launch, .build], metadata: ["k": .string("v")],
                            environment: [EnvironmentRule("A", "1", action: .append, delimiter: ":", scope: .launch)])
                    ],
                    processes: [ProcessType("web", command: ["run", "-x"], arguments: ["start"], isDefault: true)],
                    labels: ["one": "two"], unmet: ["x"], imageEnvironment: ["LANG": "C.UTF-8"], exposedPorts: [4000],
                    requiredVariables: ["SECRET_KEY_BASE"], store: ["s": .boolean(true)])
            }
            #expect(await bench.run("build", buildpack) == 0)
            #expect(
                try folder.appending("layers").tree() == [
                    "build.toml", "cache", "cache.toml", "cache/kept", "l", "l.toml", "l/bin", "l/bin/run",
                    "l/env.launch", "l/env.launch/A.append", "l/env.launch/A.delim", "launch.toml", "store.toml",
                ])
            #expect(
                try bench.text("layers/l.toml")
                    == "[types]\nlaunch = true\nbuild = true\ncache = false\n\n[metadata]\nk = \"v\"\n")
            #expect(try bench.text("layers/cache.toml").contains("cache = true"))
            let launch = try bench.text("layers/launch.toml")
            for part in [
                "key = \"one\"\nvalue = \"two\"", "type = \"web\"\ncommand = [\"run\", \"-x\"]\nargs = [\"start\"]",
                "ports = [4000]", "required-variables = [\"SECRET_KEY_BASE\"]", "LANG = \"C.UTF-8\"",
            ] { #expect(launch.contains(part), "\(part) in \(launch)") }
            #expect(bench.printed.withLock { $0 } == "note: hello\n")
        }
    }

    @Test("the folders and files that variables name come before those of the arguments")
    func variables() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            for name in ["own/layers", "own/platform/env"] {
                try folder.appending(FilePath(name).components).makeFolder()
            }
            try folder.appending("own/platform/env/RELEASE").write("web")
            try folder.appending("own/plan.toml").write("[[entries]]\nname = \"x\"\n")
            try folder.appending("own/buildpack.toml").write("[buildpack]\nid = \"test/told\"\nversion = \"1\"\n")
            try folder.appending("bp/buildpack.toml").remove()
            var environment = ["CNB_BUILDPACK_DIR": "own", "CNB_LAYERS_DIR": "own/layers"]
            environment["CNB_PLATFORM_DIR"] = "own/platform"
            environment["CNB_BP_PLAN_PATH"] = "own/plan.toml"
            environment["CNB_BUILD_PLAN_PATH"] = "own/detected.toml"
            environment = environment.mapValues { folder.appending(FilePath($0).components).string }
            var buildpack = ToldBuildpack()
            buildpack.detecting = { context in
                #expect(context.platformVariables == ["RELEASE": "web"])
                return .pass(BuildPlan(provides: ["a"]))
            }
            buildpack.building = { context in
                #expect(context.platformVariables == ["RELEASE": "web"])
                #expect(context.plan == [.init("x")])
                return BuildResult()
            }
            #expect(await bench.run("detect", buildpack, environment: environment) == 0)
            #expect(try bench.text("own/detected.toml").contains("name = \"a\""))
            #expect(await bench.run("build", buildpack, environment: environment) == 0)
            #expect(try folder.appending("own/layers").tree() == ["launch.toml"])
            #expect(try folder.appending("layers").tree() == [])
            #expect(try bench.text("plan.toml") == "")
        }
    }

    @Test("the files do not depend on who built: others may read them, and labels are sorted")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            var buildpack = ToldBuildpack()
            buildpack.building = { context in
                let layer = context.layersDirectory.appending("l")
                try layer.appending("run").write("x", mode: 0o700)
                try layer.appending("data").write("x", mode: 0o610)
                return BuildResult(
                    layers: [LayerContribution("l", types: .launch)], labels: ["c": "3", "a": "1", "d": "4", "b": "2"])
            }
            #expect(await bench.run("build", buildpack) == 0)
            let modes = ["l", "l/run", "l/data", "l.toml", "launch.toml"].map { path in
                FileStamp(of: folder.appending("layers").appending(FilePath(path).components))?.permissions
            }
            #expect(modes == [0o755, 0o755, 0o644, 0o644, 0o644])
            let labels = try bench.text("layers/launch.toml").split(separator: "\n").filter { $0.hasPrefix("key") }
            #expect(labels == ["key = \"a\"", "key = \"b\"", "key = \"c\"", "key = \"d\""])
        }
    }

    @Test(
        "the sources of what is whole in layers go out of /workspace, unless mixpack's lifecycle does it; never out of a checkout"
    )
    func sources() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder)
            let app = folder.appending("app")
            var buildpack = ToldBuildpack()
            buildpack.building = { context in
                try context.applicationDirectory.appending("_build/x").write("made")
                return BuildResult(omitsSource: true)
            }
            try app.appending("lib/a.ex").write("a")
            try app.appending(".env").write("SECRET=1")
            #expect(await bench.run("build", buildpack, environment: [BuildpackProgram.lifecycleVariable: "1"]) == 0)
            #expect(try app.tree() == [".env", "lib", "lib/a.ex"])
            #expect(await bench.run("build", buildpack, workspace: "/workspace") == 0)
            #expect(try app.tree() == [".env", "lib", "lib/a.ex"])
            let printed = bench.printed.withLock { $0 }
            #expect(printed.contains("the sources are in \(app), not in /workspace, so they are kept"), "\(printed)")
            #expect(await bench.run("build", buildpack) == 0)
            #expect(try app.tree() == [])
        }
    }

    @Test("the program says when it stands beside a buildpack.toml of another buildpack, or of none")
    func foreign() async throws {
        try await withTemporaryFolder { folder in
            let bench = try Bench(folder, id: "other")
            #expect(await bench.run("detect", ToldBuildpack()) == 1)
            try folder.appending("bp/buildpack.toml").remove()
            #expect(await bench.run("detect", ToldBuildpack()) == 1)
            let printed = bench.printed.withLock { $0 }
            #expect(printed.contains("this program is not the buildpack \"other\""))
            #expect(printed.contains("ERROR: cannot read ") && printed.contains("bp/buildpack.toml\n"))
        }
    }
}

@Suite("What mixpack's buildpacks say beyond the specification")
struct OwnLaunchTableTests {
    @Test("it is read as it was written")
    func roundTrip() throws {
        let written = BuildResult(
            imageEnvironment: ["A": "1", "B": "\"\n"], exposedPorts: [80, 4000], requiredVariables: ["X"],
            compiledSecrets: [CompiledSecret(name: "S", file: "config/config.exs", line: 3)], omitsSource: true,
            imageLinks: ["/app": "/layers/own/release", "/srv": "/layers/own/other"])
        let table = try #require(OwnLaunchTable.table(of: written))
        var read = BuildResult()
        try OwnLaunchTable.fill(&read, from: ["mixpack": .table(table)])
        #expect(read == written)
        #expect(OwnLaunchTable.table(of: BuildResult(labels: ["a": "b"])) == nil)
    }

    @Test(
        "a link has a name of its own at the root of the image, and leads to a layer",
        arguments: [
            ("/app", "/etc"), ("/app", "layers/x"), ("app", "/layers/x"), ("/", "/layers/x"), ("/layers", "/layers/x"),
            ("/cnb", "/layers/x"), ("/workspace", "/layers/x"), ("/usr/app", "/layers/x"), ("/..", "/layers/x"),
        ])
    func noLink(path: String, target: String) throws {
        var read = BuildResult()
        #expect(throws: Failure.self) {
            try OwnLaunchTable.fill(
                &read, from: ["mixpack": ["links": .table(TOMLTable(entries: []).setting(path, target))]])
        }
        #expect(read.imageLinks.isEmpty)
    }

    @Test("ports are numbers from 1 to 65535", arguments: [-1, 0, 65_536])
    func noPort(number: Int64) throws {
        var read = BuildResult()
        try OwnLaunchTable.fill(&read, from: ["mixpack": ["ports": [1, 65_535]]])
        #expect(read.exposedPorts == [1, 65_535])
        #expect(throws: Failure.self) {
            try OwnLaunchTable.fill(&read, from: ["mixpack": ["ports": .list([.integer(number)])]])
        }
        #expect(read.exposedPorts == [1, 65_535])
    }
}

extension TOMLTable {
    fileprivate func setting(_ key: String, _ value: String) -> TOMLTable {
        var table = self
        table.set(key, .string(value))
        return table
    }
}
