import SystemPackage
import TestSupport
import Testing

/// The commands of the original's README, with `mixpack` in place of `pack`: its builder is made, builds, and what it built runs.
///
/// The buildpacks are the tests' own, of the originals' ids and shape, and the registry is one on loopback.
@Suite(.serialized) struct OriginalBuilderTests {
    private static let builder = "rg.nl-ams.scw.cloud/carlo-colombo/elixir-builder"
    private let secret = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "the builder is published and named; hello, a release of the umbrella and a Phoenix project run, answer HTTP and open a remote shell"
    )
    func wordForWord() async throws {
        try await Workbench.run { bench in
            try await RegistryProcess.run(in: bench.folder) { host in
                try bench.mixpack.settings.appending("config.toml").write(
                    "[registries]\n\"rg.nl-ams.scw.cloud\" = \"\(host)\"\n")
                let originals = try OriginalBuildpacks(in: bench.folder.appending("originals"))
                let lifecycle = try await BuilderParts(bench: bench).makeLifecycle(buildpackAPIs: "\"0.2\"")
                let made = try await bench.mixpack.run([
                    "builder", "create", Self.builder, "--config", try originals.builder().string, "--lifecycle",
                    lifecycle.string, "--publish",
                ]).succeeded()
                #expect(made.output.contains(Self.builder), "\(made)")
                try await PodmanEngine.run { engine in
                    try await hello(engine, bench)
                    try await umbrella(engine, bench)
                    try await phoenix(engine, bench)
                }
                try await ownBuildpacks(bench)
            }
        }
    }

    private func build(
        _ project: FilePath, as name: String, _ arguments: [String], into engine: TestEngine, _ bench: Workbench
    ) async throws {
        let end = try await bench.tryBuild(
            project, as: name, ["--builder", Self.builder, "-e", "DEBUG=1"] + arguments,
            environment: MixpackProgram.engine(at: engine.host)
        ).succeeded()
        #expect(end.output.contains("builder") && end.output.contains("+ "), "\(end)")
        #expect(!end.output.contains(secret) && !end.errorOutput.contains(secret))
    }

    private func hello(_ engine: TestEngine, _ bench: Workbench) async throws {
        try await build(try bench.sample(.hello), as: "my-image", [], into: engine, bench)
        let terminal = try engine.dockerOnTerminal("run", "-it", "--rm", "--name", "c", "my-image")
        defer { terminal.endNow() }
        try await terminal.wait(for: "hello is up", within: .seconds(30))
        try await engine.waitForNode("hello")
        try await engine.tryRemote("hello")
        // As mix makes a release, its node breaks first.
        terminal.send("\u{3}")
        try await terminal.wait(for: "BREAK")
        terminal.send("\u{3}")
        _ = try await terminal.end(within: .seconds(15))
    }

    /// mixpack's own buildpacks, packaged, in the files of that builder.
    private func ownBuildpacks(_ bench: Workbench) async throws {
        let image = try await bench.build(
            bench.folder.appending("hello"), as: "own", ["--builder", Self.builder, "-b", "from=mixpack"])
        #expect(image.labels["io.mixpack.release"]?.string == "hello")
        let label = try JSONValue(parsing: image.labels["io.buildpacks.lifecycle.metadata"]?.string ?? "{}")
        #expect(label["runImage"]?["image"]?.string?.hasPrefix("rg.nl-ams.scw.cloud/") == true, "\(label)")
        let text = try await bench.answer(
            of: image, from: "\(Workbench.release)/bin/hello", "IO.puts(Hello.greeting())")
        #expect(!text.isEmpty)
    }

    private func umbrella(_ engine: TestEngine, _ bench: Workbench) async throws {
        try await build(
            try bench.sample(.umbrella), as: "web",
            ["-e", "RELEASE=web_rel", "-e", "SECRET_KEY_BASE=\(secret)"], into: engine, bench)
        _ = try await engine.docker(
            "run", "-d", "--name", "c", "-p", "4000:4000", "-e", "SECRET_KEY_BASE=\(secret)", "web"
        ).succeeded()
        try await eventually("HTTP 200 from web_rel", within: .seconds(30)) {
            try await engine.get("http://127.0.0.1:4000/health").code == 200
        }
        try await engine.tryRemote("web_rel")
        _ = try await engine.docker("rm", "-f", "c").succeeded()
    }

    private func phoenix(_ engine: TestEngine, _ bench: Workbench) async throws {
        let project = bench.folder.appending("demo")
        try PhoenixNew.seven.writeVendored(to: project)
        try await build(project, as: "demo", ["-e", "SECRET_KEY_BASE=\(secret)"], into: engine, bench)
        _ = try await engine.docker(
            "run", "-d", "--name", "c", "-p", "4000:4000", "-e", "SECRET_KEY_BASE=\(secret)", "-e", "PHX_SERVER=true",
            "-e", "DATABASE_URL=ecto://demo:demo@db/demo", "demo"
        ).succeeded()
        try await eventually("HTTP 200 from demo", within: .seconds(30)) {
            try await engine.get("http://127.0.0.1:4000/").code == 200
        }
    }
}
