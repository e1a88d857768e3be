import SystemPackage
import TestSupport
import Testing

/// Images in a real engine, with the docker command line at a terminal: what the original shows with `docker run`.
@Suite(.serialized) struct EngineTests {
    @Test("hello is loaded by the socket, runs on a terminal, answers rpc and remote, and Ctrl-C ends it")
    func hello() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await PodmanEngine.run { engine in
                try await Self.load(project, as: "my-image", into: engine, bench)
                let terminal = try engine.dockerOnTerminal("run", "-it", "--rm", "--name", "c", "my-image")
                defer { terminal.endNow() }
                try await terminal.wait(for: "hello is up", within: .seconds(30))
                try await engine.waitForNode("hello")
                try await engine.tryRemote("hello")
                terminal.send("\u{3}")
                let end = try await terminal.end(within: .seconds(15))
                #expect(end.status == 0, "\(end)")
                #expect(!terminal.plainText.contains("BREAK"))
            }
        }
    }

    @Test("the umbrella's web release answers HTTP at its published port, and SIGTERM ends it with 0")
    func web() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            try await PodmanEngine.run { engine in
                try await Self.load(project, as: "web", ["--release", "web_rel"], into: engine, bench)
                _ = try await engine.docker(
                    "run", "-d", "--name", "c", "-p", "4000:4000", "-e", "SECRET_KEY_BASE=\(secret)", "web"
                ).succeeded()
                try await eventually("HTTP 200 from web_rel", within: .seconds(30)) {
                    try await engine.get("http://127.0.0.1:4000/health").code == 200
                }
                let exposed = try await engine.docker("inspect", "--format", "{{json .Config.ExposedPorts}}", "web")
                #expect(exposed.output.contains("4000/tcp"))
                try await engine.tryRemote("web_rel")
                _ = try await engine.docker("kill", "--signal", "TERM", "c").succeeded()
                let status = try await engine.docker("wait", "c", within: .seconds(15)).succeeded()
                #expect(status.lines == ["0"])
            }
        }
    }

    @Test("without the secret that it needs, the container ends soon, names it, and leaves no dump (case 19)")
    func missingSecret() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            try await PodmanEngine.run { engine in
                let end = try await Self.load(project, as: "web", ["--release", "web_rel"], into: engine, bench)
                #expect(end.output.contains("SECRET_KEY_BASE"), "the run command names what the image needs")
                let run = try await engine.docker("run", "--name", "c", "web", within: .seconds(30))
                #expect(run.status == 1)
                #expect((run.output + run.errorOutput).contains("SECRET_KEY_BASE"))
                let changes = try await engine.docker("diff", "c").succeeded().output
                #expect(!changes.contains("erl_crash.dump"))
            }
        }
    }

    @Test("with --output, and with an engine that answers, the engine is left alone")
    func leftAlone() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await PodmanEngine.run { engine in
                let output = "oci:\(bench.folder)/layout:hello"
                _ = try await bench.tryBuild(
                    project, as: "hello", ["--output", output], environment: MixpackProgram.engine(at: engine.host)
                ).succeeded()
                #expect(try await engine.docker("images", "-q").succeeded().output.isEmpty)
            }
        }
    }

    private let secret = String(repeating: "0123456789abcdef", count: 4)

    @discardableResult
    private static func load(
        _ project: FilePath, as name: String, _ arguments: [String] = [], into engine: TestEngine, _ bench: Workbench
    ) async throws -> ProgramEnd {
        let end = try await bench.tryBuild(
            project, as: name, arguments, environment: MixpackProgram.engine(at: engine.host)
        )
        .succeeded()
        let images = try await engine.docker("images", "--format", "{{.Repository}}:{{.Tag}}").succeeded().output
        #expect(images.contains("\(name):latest"))
        return end
    }
}
