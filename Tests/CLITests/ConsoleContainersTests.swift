import SystemPackage
import TestSupport
import Testing

/// Containers as the Image screen reaches them, in a real engine.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ConsoleContainersTests {
    @Test("Remote opens the running node's shell, Stop ends the container in order and shows its log")
    func remoteAndStop() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await PodmanEngine.run { engine in
                let host = MixpackProgram.engine(at: engine.host)
                _ = try await bench.tryBuild(project, as: "hello", environment: host).succeeded()
                _ = try await engine.docker("run", "-d", "--name", "c", "hello").succeeded()
                try await eventually("an answer of hello", within: .seconds(30)) {
                    try await engine.docker("exec", "c", "\(Workbench.release)/bin/hello", "rpc", "1").status == 0
                }
                try await TmuxSession.run(
                    bench.mixpack.executable, ["inspect", "hello"],
                    environment: bench.mixpack.merged(
                        with: MixpackProgram.engine(at: engine.host).merging(["TERM": "tmux-256color"]) { $1 }),
                    workingDirectory: bench.folder, columns: 120, rows: 40, in: bench.folder
                ) { session in
                    try await session.wait(for: "[5 Image]")
                    try await session.wait(for: "process-types")
                    try await session.press("R")
                    try await session.wait(for: "iex(hello@")
                    try await session.press("C-\\")
                    try await session.wait(for: "the shell ended")
                    try await session.press("K")
                    try await session.wait(for: "stopped ")
                    try await session.wait(for: "hello is up")
                }
                let code = try await engine.docker("inspect", "--format", "{{.State.ExitCode}}", "c").succeeded()
                #expect(code.lines == ["0"])
            }
        }
    }
}
