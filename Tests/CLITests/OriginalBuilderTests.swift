import SystemPackage
import TestSupport
import Testing

/// The original's instructions word for word, `pack` replaced by `mixpack`: its builder, made from a builder.toml of its shape,
/// comes from a registry that has another address here.
@Suite(.serialized) struct OriginalBuilderTests {
    private static let registry = "rg.nl-ams.scw.cloud"
    private static let team = "\(registry)/carlo-colombo"
    private static let secret = "c2VjcmV0c2VjcmV0c2VjcmV0"

    @Test("stack, builder and buildpacks of the original's shape: pack's commands make images that docker runs")
    func wordForWord() async throws {
        try await Workbench.run { bench in
            try await RegistryProcess.run(in: bench.folder) { host in
                let names = "[registries]\n\"\(Self.registry)\" = \"\(host)\"\n"
                try bench.mixpack.settings.appending("config.toml").write(names)
                try await publishBuilder(bench)
                // Another machine, which knows the names alone.
                let laptop = try MixpackProgram(home: bench.folder.appending("laptop"))
                try laptop.settings.appending("config.toml").write(names)
                try await PodmanEngine.run { engine in
                    let hello = try bench.sample(.hello)
                    try await build(hello, "my-image", "hello", by: laptop, for: engine)
                    _ = try await engine.docker("run", "-d", "--name", "c", "my-image").succeeded()
                    try await EngineTests.waitForNode("hello", in: engine)
                    try await EngineTests.tryRemote("hello", in: engine)
                    _ = try await engine.docker("rm", "-f", "c").succeeded()
                    try await build(try bench.sample(.umbrella), "umbrella", "worker_rel", by: laptop, for: engine)
                    _ = try await engine.docker("run", "-d", "--name", "c", "umbrella").succeeded()
                    try await EngineTests.waitForNode("worker_rel", in: engine)
                    _ = try await engine.docker("rm", "-f", "c").succeeded()
                    try await buildByOwn(hello, by: laptop, for: engine)
                    _ = try await engine.docker("run", "-d", "--name", "c", "own").succeeded()
                    try await EngineTests.waitForNode("hello", in: engine)
                }
            }
        }
    }

    /// Makes the stack of this machine's packages, and the builder on it, and pushes what others need.
    private func publishBuilder(_ bench: Workbench) async throws {
        let stack = try await bench.mixpack.run(["builder", "create", "stack"]).succeeded()
        let words = stack.lines.first { $0.hasPrefix("build image ") }?.split { $0 == " " || $0 == "," } ?? []
        let buildImage = String(try #require(words.dropFirst(2).first))
        let (build, run) = ("\(Self.team)/elixir-stack-build:latest", "\(Self.team)/elixir-stack-run:latest")
        _ = try await bench.mixpack.run(["images", "tag", buildImage, build]).succeeded()
        _ = try await bench.mixpack.run(["run-image", "push", run]).succeeded()
        let originals = try OriginalBuildpacks(in: bench.folder.appending("originals"))
        let file = originals.folder.appending("builder/builder.toml")
        let buildpacks = ["erlang-runtime", "elixir-runtime", "mix-release", "elixir"]
        try file.write(
            "description = \"Builds Elixir applications\"\n"
                + buildpacks.map { "[[buildpacks]]\nuri = \"../\($0)\"\n" }.joined()
                    + """
                    [[order]]
                    [[order.group]]
                    id = "io.github.carlo-colombo.elixir"
                    version = "0.1.0"
                    [stack]
                    id = "io.github.carlo-colombo.elixir-builder"
                    build-image = "\(build)"
                    run-image = "\(run)"

                    """)
        _ = try await bench.mixpack.run(
            ["create-builder", "\(Self.team)/elixir-builder", "--config", file.string, "--publish"]
        ).succeeded()
    }

    /// mixpack's own buildpacks in the original's builder.
    private func buildByOwn(_ project: FilePath, by laptop: MixpackProgram, for engine: TestEngine) async throws {
        let end = try await laptop.run(
            [
                "build", "own", "--path", ".", "--builder", "\(Self.team)/elixir-builder", "-b", "from=mixpack", "--ui",
                "plain",
            ], environment: MixpackProgram.engine(at: engine.host), workingDirectory: project
        ).succeeded()
        #expect(end.output.contains("mix-release:release") && !end.output.contains("---> mix-release"), "\(end)")
    }

    private func build(
        _ project: FilePath, _ image: String, _ release: String, by laptop: MixpackProgram, for engine: TestEngine
    ) async throws {
        let end = try await laptop.run(
            [
                "build", image, "--path", ".", "--builder", "\(Self.team)/elixir-builder", "-e", "RELEASE=\(release)",
                "-e", "SECRET_KEY_BASE=\(Self.secret)", "-e", "DEBUG=1", "--ui", "plain",
            ], environment: MixpackProgram.engine(at: engine.host), workingDirectory: project
        ).succeeded()
        let text = end.output + end.errorOutput
        #expect(text.contains("\(Self.team)/elixir-builder") && text.contains("mix release \(release)"), "\(end)")
        #expect(!text.contains(Self.secret))
    }
}
