import BuildpackAPI
import Commands
import Diagnostics
import MixInspection
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import Toolchains

@Suite("The runtimes and the composite")
struct RuntimeBuildpackTests {
    private let machine = ["PATH": "/usr/bin:/bin"]

    private func detect(_ buildpack: any Buildpack, _ project: FilePath, _ environment: [String: String]) async throws
        -> DetectResult
    {
        try await buildpack.detect(
            DetectContext(
                applicationDirectory: project, platformVariables: [:], environment: environment,
                cacheDirectory: project,
                reporter: .silent))
    }

    @Test("Each provides its runtime and requires what it needs, with the installed version")
    func plans() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("mix.exs").write("")
            let toolchain = try Toolchain.discover(environment: machine)
            let erlang = BuildPlan.Requirement("erlang", metadata: ["version": .string(toolchain.otpVersion)])
            let elixir = BuildPlan.Requirement("elixir", metadata: ["version": .string(toolchain.elixirVersion)])
            let first = try await detect(ErlangRuntimeBuildpack(version: "1"), folder, machine)
            #expect(first == .pass(BuildPlan(provides: ["erlang"], requires: [erlang])))
            let second = try await detect(ElixirRuntimeBuildpack(version: "1"), folder, machine)
            #expect(second == .pass(BuildPlan(provides: ["elixir"], requires: [elixir, erlang])))
        }
    }

    @Test("A folder without mix.exs is not theirs, and what it is instead is said")
    func others() async throws {
        try await withTemporaryFolder { folder in
            let buildpacks: [any Buildpack] = [
                ErlangRuntimeBuildpack(version: "1"), ElixirRuntimeBuildpack(version: "1"),
                MixReleaseBuildpack(version: "1", runner: SubprocessCommandRunner()),
            ]
            for buildpack in buildpacks {
                #expect(try await detect(buildpack, folder, [:]) == .fail(reason: "no mix.exs"))
            }
            try folder.appending("rebar.config").write("")
            for buildpack in buildpacks {
                #expect(
                    try await detect(buildpack, folder, [:]) == .fail(reason: "no mix.exs: this is a rebar3 project"))
            }
        }
    }

    @Test("Without a toolchain the error says how to install one")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            try folder.appending("mix.exs").write("")
            for buildpack in [ErlangRuntimeBuildpack(version: "1"), ElixirRuntimeBuildpack(version: "1")]
                as [any Buildpack]
            {
                let error = await #expect(throws: Failure.self) {
                    try await detect(buildpack, folder, ["PATH": "/nowhere"])
                }
                #expect(error?.code == .noToolchain)
                #expect(error?.advice?.contains("apt-get install") == true)
            }
        }
    }

    @Test("Their layers are for the build only, and their links start the installed programs")
    func layers() async throws {
        try await withTemporaryFolder { folder in
            let context = BuildContext(
                applicationDirectory: folder, layersDirectory: folder.appending("layers"), platformVariables: [:],
                secretNames: [], environment: machine, plan: [], cacheDirectory: folder, reporter: .silent)
            let erlang = try await ErlangRuntimeBuildpack(version: "1").build(context)
            let elixir = try await ElixirRuntimeBuildpack(version: "1").build(context)
            for layer in erlang.layers + elixir.layers {
                #expect(layer.types == .build)
                #expect(layer.metadata["version"] != nil)
                #expect(layer.metadata["source"] != nil)
            }
            let bins = ["elixir", "erlang"].map { folder.appending("layers/\($0)/bin").string }
            let end = try await run(
                folder.appending("layers/elixir/bin/elixir"), ["-e", "IO.puts(System.version())"],
                environment: ["PATH": (bins + ["/usr/bin:/bin"]).joined(separator: ":")]
            ).succeeded()
            #expect(end.lines.last == (try Toolchain.discover(environment: machine)).elixirVersion)
            _ = try await ErlangRuntimeBuildpack(version: "1").build(context)
        }
    }

    @Test("The composite names its three parts in order, and all bear one version")
    func composite() throws {
        let composite = ElixirBuildpack(version: "1.2.3").descriptor
        #expect(composite.id == "io.github.carlo-colombo.elixir")
        let ids = try #require(composite.order.first)
        #expect(
            ids.map(\.id) == [
                "io.github.carlo-colombo.erlang-runtime", "io.github.carlo-colombo.elixir-runtime",
                "io.github.carlo-colombo.mix-release",
            ])
        #expect(ids.allSatisfy { $0.version == "1.2.3" && !$0.isOptional })
    }
}
