import BuildpackAPI
import Commands
import Diagnostics
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks

extension RealMix {
    @Suite("Detecting a release")
    struct MixReleaseDetectTests {
        @Test("hello passes with the plan of the original buildpacks (case 1)")
        func hello() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.bring(sample: "hello")
                guard case .pass(let plan) = try await bench.detect() else {
                    Issue.record("hello does not pass")
                    return
                }
                #expect(plan.provides == ["mix-release"])
                #expect(plan.requires.map(\.name) == ["mix-release", "elixir", "erlang"])
                #expect(plan.requires.first?.metadata["release"] == .string("hello"))
                #expect(plan.requires.dropFirst().allSatisfy { $0.metadata["version"] != nil })
            }
        }

        @Test("Several releases and no choice is an error that names them; RELEASE chooses (case 2)")
        func several() async throws {
            try await withTemporaryFolder { folder in
                var bench = Workbench(folder)
                try bench.bring(sample: "umbrella")
                let error = await #expect(throws: Failure.self) { try await bench.detect() }
                #expect(error?.code == .ambiguousRelease)
                #expect(error?.choices == ["web_rel", "worker_rel"])
                bench.variables = ["RELEASE": "worker_rel"]
                guard case .pass(let plan) = try await bench.detect() else {
                    Issue.record("worker_rel does not pass")
                    return
                }
                #expect(plan.requires.first?.metadata["release"] == .string("worker_rel"))
                bench.variables = ["RELEASE": "wrk_rel"]
                let unknown = await #expect(throws: Failure.self) { try await bench.detect() }
                #expect(unknown?.choices == ["web_rel", "worker_rel"])
            }
        }

        @Test(
            "A release's name that Mix refuses, and a version that is not installed, stop before anything is compiled (case 7)"
        )
        func refused() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files(extra: ", releases: [\"My-App\": []]"))
                let error = await #expect(throws: Failure.self) { try await bench.detect() }
                #expect(error?.code == .invalidReleaseName)
                #expect(error?.message.contains("My-App") == true)
                var files = SmallApp.files()
                files["mix.exs"] = files["mix.exs"]?.replacing("~> 1.14", with: "~> 99.1")
                try bench.write(files)
                let conflict = await #expect(throws: Failure.self) { try await bench.build() }
                #expect(conflict?.code == .versionConflict)
                #expect(conflict?.message.contains("99.1") == true)
                #expect(bench.reports.commands.isEmpty)
                #expect(!bench.layers.appending("app").isThere)
            }
        }

        @Test("A build depends on the Hex and the rebar3 that the machine has")
        func tools() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                try bench.write(SmallApp.files())
                func facts(_ more: [String: String]) async throws -> [String: String]? {
                    try await bench.buildpack.dependencies(
                        DetectContext(
                            applicationDirectory: bench.project, platformVariables: [:],
                            environment: bench.environment.merging(more) { $1 }, cacheDirectory: bench.cache,
                            reporter: .silent))
                }
                let archives = folder.appending("archives")
                try archives.appending("hex-2.0.6").makeFolder()
                let without = try #require(try await facts([:]))
                #expect(without["hex"] == "")
                #expect(try await facts(["MIX_ARCHIVES": archives.string])?["hex"] == "hex-2.0.6")
                #expect(try await facts(["MIX_REBAR3": "/opt/rebar3"])?["rebar3"] == "/opt/rebar3")
            }
        }

        @Test("An umbrella's child alone names the umbrella to build")
        func child() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder.appending("place"))
                try repositoryFolder().appending("samples/umbrella").copy(to: folder.appending("umbrella"))
                let web = folder.appending("umbrella/apps/web")
                try bench.cache.makeFolder()
                let error = await #expect(throws: Failure.self) {
                    try await bench.buildpack.detect(
                        DetectContext(
                            applicationDirectory: web, platformVariables: [:], environment: bench.environment,
                            cacheDirectory: bench.cache, reporter: .silent))
                }
                #expect(error?.code == .cannotPlan)
                #expect(error?.message.contains("umbrella") == true)
            }
        }

        @Test("A plain mix.exs is not evaluated to detect; what the user should know is told with the build")
        func findings() async throws {
            try await withTemporaryFolder { folder in
                let bench = Workbench(folder)
                var files = SmallApp.files()
                files["mix.exs"] = files["mix.exs"]?.replacing(", mod: {Small.Application, []}", with: "")
                files["config/runtime.exs"] =
                    "import Config\n\nconfig :small, Web.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4000]\n"
                try bench.write(files)
                _ = try await bench.detect()
                #expect(!bench.cache.appending("inspection").isThere)
                _ = try await bench.build()
                #expect(bench.reports.diagnostics.contains { $0.severity == .warning })
                #expect(bench.reports.diagnostics.contains { $0.file == "config/runtime.exs" && $0.line == 3 })
            }
        }
    }
}
