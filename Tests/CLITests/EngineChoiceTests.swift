import Glibc
import SystemPackage
import TestSupport
import Testing

/// The engine that docker's and podman's own commands would talk to, named in all the ways that there are.
///
/// The command that a build prints is run as it is printed.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EngineChoiceTests {
    @Test("a context of docker's is followed, as current and by DOCKER_CONTEXT; one that does not exist is said")
    func context() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await TestEngine.run(.docker) { engine in
                try await docker(bench, "context", "create", "mine", "--docker", "host=\(engine.host)")
                let chosen = bench.any.merging(["DOCKER_CONTEXT": "mine"]) { $1 }
                let first = try await bench.tryBuild(project, as: "hello", environment: chosen).succeeded()
                #expect(try first.printedCommand == "docker --context mine run -it --rm hello")
                try await docker(bench, "context", "use", "mine")
                let current = try await bench.tryBuild(project, as: "hello", environment: bench.any).succeeded()
                #expect(current.output.contains("at        "))
                try await runs(try current.printedCommand, bench)
                let wrong = bench.any.merging(["DOCKER_CONTEXT": "gone"]) { $1 }
                let end = try await bench.tryBuild(project, as: "hello", environment: wrong)
                #expect(end.status == 62)
                #expect(
                    end.output.contains(
                        "Not loaded into a container engine: the Docker context gone (DOCKER_CONTEXT) does not exist"))
                #expect(end.output.contains("Image hello:latest has not changed"))
            }
        }
    }

    @Test("a context whose engine is gone is said before the build and after it, and no other engine gets the image")
    func deadContext() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await docker(bench, "context", "create", "away", "--docker", "host=unix:///no/such.sock")
            try await docker(bench, "context", "use", "away")
            let end = try await bench.tryBuild(project, as: "hello", environment: bench.any)
            let words = "the Docker context away (currentContext in "
            #expect(end.status == 62)
            #expect(end.output.contains("Not loaded into a container engine: \(words)"), "\(end)")
            #expect(end.output.contains("there is no such socket"))
            #expect(end.output.contains("docker context use default"))
        }
    }

    @Test("a dead DOCKER_HOST is an error before the work, the image is kept, and --output needs no engine")
    func deadHost() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let dead = bench.any.merging(["DOCKER_HOST": "unix:///no/such.sock"]) { $1 }
            let end = try await bench.tryBuild(project, as: "hello", environment: dead)
            #expect(end.status == 62)
            let said = "DOCKER_HOST=unix:///no/such.sock does not answer: there is no such socket"
            let parts = end.output.split(separator: "===> BUILDING", maxSplits: 1).map(String.init)
            #expect(parts.count == 2 && parts.allSatisfy { $0.contains(said) }, "\(end)")
            #expect(end.output.contains("Image hello:latest is built"))
            #expect(end.output.contains("unset DOCKER_HOST"))
            let quiet = try await bench.tryBuild(
                project, as: "hello", ["--ui=quiet", "--clear-cache"], environment: dead)
            #expect(quiet.status == 62 && quiet.errorOutput.contains(said), "\(quiet)")
            let named = try await bench.tryBuild(
                project, as: "hello", ["--output", "docker-daemon:x", "--clear-cache"], environment: dead)
            #expect(named.status == 62 && named.errorOutput.contains(said))
            #expect(!named.output.contains("===> BUILDING"), "no build is worth while")
            let output = "oci:\(bench.folder)/layout:hello"
            let fine = try await bench.tryBuild(project, as: "hello", ["--output", output], environment: dead)
            #expect(try !fine.succeeded().output.contains("does not answer"))
        }
    }

    @Test("who may not use docker's socket is told how to become one who may")
    func denied() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await TestEngine.run(.docker) { engine in
                chmod(engine.socket.removingLastComponent().string, 0o755)
                _ = try await TestSupport.run("/bin/chown", ["-R", "65534:65534", bench.folder.string]).succeeded()
                let cure = "sudo usermod -aG docker $USER, then log in again"
                let named = try await asUser(
                    bench, ["build", "hello", "--path", project.string], ["DOCKER_HOST": engine.host])
                #expect(named.status == 62)
                #expect(
                    named.output.contains("DOCKER_HOST=\(engine.host) does not answer: permission denied"), "\(named)")
                #expect(named.output.contains(cure))
                // The same socket at docker's own place, in a /run of the test's own.
                let place = "mount -t tmpfs none /run && ln -s '\(engine.socket)' /run/docker.sock && exec \"$@\""
                let around = ["unshare", "--mount", "sh", "-c", place, "sh"]
                for words in [
                    ["doctor"], ["detect", "--path", project.string], ["build", "hello", "--path", project.string],
                ] {
                    let end = try await asUser(bench, words, [:], around: around)
                    #expect(end.status == 0)
                    #expect(end.output.contains("Docker at unix:///var/run/docker.sock: permission denied"), "\(end)")
                    #expect(end.output.contains(cure), "\(end)")
                }
            }
        }
    }

    @Test("podman's socket beside docker's command: the printed command is podman's, and it runs")
    func podmanBesideDocker() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await TestEngine.run(.podman) { engine in
                let runtime = engine.socket.removingLastComponent().appending("user")
                try runtime.appending("podman").makeFolder()
                symlink(engine.socket.string, "\(runtime)/podman/podman.sock")
                let variables = bench.any.merging(["XDG_RUNTIME_DIR": runtime.string]) { $1 }
                let end = try await bench.tryBuild(project, as: "hello", environment: variables).succeeded()
                let url = "unix://\(runtime)/podman/podman.sock"
                #expect(try end.printedCommand == "podman --url \(url) run -it --rm hello")
                try await runs(try end.printedCommand, bench)
                let named = bench.any.merging(["CONTAINER_HOST": engine.host]) { $1 }
                let again = try await bench.tryBuild(project, as: "hello", environment: named).succeeded()
                #expect(try again.printedCommand == "podman --url \(engine.host) run -it --rm hello")
            }
        }
    }

    @Test("podman's own socket gets what podman run finds by itself")
    func podmanItself() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let script = try PodmanOfItsOwn.write(in: bench.folder)
            let run = "script -qec \"$(sed -n '/^Run it/{n;s/^ *//;p}' \"$OUT\")\" /dev/null"
            let words = """
                "$0" build hello --path '\(project)' > "$OUT" || exit 1
                timeout 30 \(run) < /dev/null & runs=$!
                for i in $(seq 100); do podman ps -q | grep -q . && break; sleep 0.2; done
                for i in $(seq 100); do
                    podman exec -l \(Workbench.release)/bin/hello rpc 'IO.puts("it answers")' && break; sleep 0.3
                done
                podman stop -l -t 10 > /dev/null; wait $runs; cat "$OUT"
                """
            let end = try await TestSupport.run(
                try findTool("unshare", package: "util-linux"),
                [
                    "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", script.string, "sh", "-c", words,
                    bench.mixpack.executable.string,
                ], environment: bench.mixpack.merged(with: bench.any).merging(["OUT": "\(bench.folder)/out"]) { $1 },
                workingDirectory: bench.folder, within: .seconds(120))
            #expect(end.output.contains("\n  podman run -it --rm hello\n"), "\(end)")
            #expect(end.output.contains("it answers"), "\(end)")
        }
    }

    @Test("an engine behind ssh gets the image by docker system dial-stdio; what ssh says is what is said")
    func ssh() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await TestEngine.run(.docker) { engine in
                try await SSHServer.run(variables: ["DOCKER_HOST": engine.host]) { server in
                    let variables = bench.any.merging(
                        ["DOCKER_HOST": server.address, "PATH": server.searchPath]) { $1 }
                    let end = try await bench.tryBuild(project, as: "hello", environment: variables).succeeded()
                    #expect(try end.printedCommand == "docker -H \(server.address) run -it --rm hello")
                    try await runs(try end.printedCommand, bench, ["PATH": server.searchPath])
                    let nobody = "ssh://nobody-\(getpid())@127.0.0.1:\(server.port)"
                    let refused = variables.merging(["DOCKER_HOST": nobody]) { $1 }
                    let wrong = try await bench.tryBuild(project, as: "hello", environment: refused)
                    #expect(wrong.status == 62)
                    #expect(wrong.output.contains("Permission denied"), "\(wrong)")
                    #expect(wrong.output.contains("see what this says: ssh nobody-"))
                }
            }
        }
    }

    @Test("a port with TLS is spoken to with the certificates of DOCKER_CERT_PATH")
    func tls() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let certificates = try await TestCertificates(in: bench.folder)
            let folder = bench.folder.appending("certificates")
            for (name, file) in [
                ("ca", certificates.authority), ("cert", certificates.certificate), ("key", certificates.key),
            ] {
                try folder.appending("\(name).pem").write(try file.readText())
            }
            try await TestEngine.run(.docker, certificates: certificates) { engine in
                let secure = [
                    "DOCKER_HOST": engine.portHost, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": folder.string,
                ]
                let words = ["build", "hello", "--path", project.string]
                let end = try await engine.runInside(
                    bench.mixpack.executable, words,
                    environment: bench.mixpack.merged(with: bench.any.merging(secure) { $1 })
                ).succeeded()
                let command = try end.printedCommand
                #expect(command.hasPrefix("docker -H \(engine.portHost) --tlsverify --tlscacert "))
                let images = String(command.split(separator: " run ").first ?? "") + " images"
                #expect(try await engine.runInside("/bin/sh", ["-c", images]).succeeded().output.contains("hello"))
                let plain = bench.any.merging(["DOCKER_HOST": engine.portHost]) { $1 }
                let refused = try await engine.runInside(
                    bench.mixpack.executable, words, environment: bench.mixpack.merged(with: plain))
                #expect(refused.status == 62 && refused.output.contains("Not loaded into a container engine"))
            }
        }
    }

    /// Runs docker's command with mixpack's home.
    private func docker(_ bench: Workbench, _ arguments: String...) async throws {
        _ = try await TestSupport.run(
            try findTool("docker", package: "docker.io"), arguments, environment: bench.mixpack.merged(with: bench.any)
        ).succeeded()
    }

    /// Runs a command of a shell on a terminal until the container says that it is up, then ends it by Ctrl-C.
    private func runs(_ command: String, _ bench: Workbench, _ more: [String: String?] = [:]) async throws {
        let variables = bench.mixpack.merged(with: bench.any).merging(more) { $1 }
        let terminal = try PseudoTerminal("/bin/sh", ["-c", command], environment: variables)
        defer { terminal.endNow() }
        try await terminal.wait(for: "hello is up", within: .seconds(60))
        terminal.send("\u{3}")
        let end = try await terminal.end(within: .seconds(20))
        #expect(end.status == 0, "\(command): \(end)")
    }

    private func asUser(
        _ bench: Workbench, _ arguments: [String], _ variables: [String: String?], around: [String] = []
    ) async throws -> ProgramEnd {
        let words =
            around + [
                "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", bench.mixpack.executable.string,
            ]
        return try await TestSupport.run(
            try findTool(words[0], package: "util-linux"), words.dropFirst() + arguments,
            environment: bench.mixpack.merged(with: bench.any.merging(variables) { $1 }),
            workingDirectory: bench.folder, within: .seconds(180))
    }
}

extension Workbench {
    /// Variables that let mixpack look for engines where it finds them by itself.
    fileprivate var any: [String: String?] { ["MIXPACK_ENGINE": nil] }
}

extension ProgramEnd {
    /// The command below "Run it".
    fileprivate var printedCommand: String {
        get throws {
            let lines = output.split(separator: "\n")
            guard let head = lines.lastIndex(where: { $0.hasPrefix("Run it") }), head + 1 < lines.count else {
                throw TestSupportError("no command is printed: \(self)")
            }
            return String(lines[head + 1].drop { $0 == " " })
        }
    }
}
