import SystemPackage
import TestSupport
import Testing

/// A container from its start to its end by keys, in a real engine.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ConsoleContainersTests {
    @Test(
        "r starts a container whose log comes in, R opens the node's shell, x runs a command once, K stops it in order")
    func runAndStop() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await PodmanEngine.run { engine in
                let host = MixpackProgram.engine(at: engine.host)
                _ = try await bench.tryBuild(project, as: "hello", environment: host).succeeded()
                try await TmuxSession.run(
                    bench.mixpack.executable, ["inspect", "hello"],
                    environment: bench.mixpack.merged(
                        with: MixpackProgram.engine(at: engine.host).merging(["TERM": "tmux-256color"]) { $1 }),
                    workingDirectory: bench.folder, columns: 120, rows: 40, in: bench.folder
                ) { session in
                    try await session.wait(for: "[5 Image]")
                    try await session.wait(for: "process-types")
                    try await session.press("r")
                    try await session.wait(for: "[6 Run ●]")
                    try await session.wait(for: "hello is up")
                    let id = try await engine.docker("ps", "--quiet").succeeded().lines
                    #expect(id.count == 1)
                    try await eventually("an answer of hello", within: .seconds(30)) {
                        let rpc = ["exec", id.first ?? "", "\(Workbench.release)/bin/hello", "rpc", "1"]
                        return try await engine.docker(rpc[0], rpc[1], rpc[2], rpc[3], rpc[4]).status == 0
                    }
                    try await session.press("R")
                    try await session.wait(for: "iex(hello@")
                    try await session.press("C-\\")
                    try await session.wait(for: "the shell ended")
                    try await session.press("x")
                    try await session.press("C-u")
                    try await session.type("eval \"IO.puts(6 * 7); System.halt(3)\"")
                    try await session.press("Enter")
                    try await session.wait(for: "ended with exit code 3")
                    #expect(try await session.screen().contains("42"))
                    try await session.press("K")
                    try await session.wait(for: "hello:latest: stopped")
                }
                let code = try await engine.docker("ps", "--all", "--format", "{{.Status}}").succeeded()
                #expect(code.lines.count == 1 && code.output.contains("(0)"), "\(code.output)")
            }
        }
    }
}
