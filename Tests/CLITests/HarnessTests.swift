import Glibc
import SystemPackage
import TestSupport
import Testing

/// What the other tests stand on, tried by itself.
@Suite(.serialized) struct HarnessTests {
    @Test("a program that overstays is ended with its group, and said to be late")
    func deadline() async throws {
        let program = try RunningProgram("/bin/sh", ["-c", "sleep 60 & sleep 60"])
        await #expect(throws: TestSupportError.self) { try await program.end(within: .milliseconds(200)) }
        try await eventually("the group to be gone") { kill(-program.id, 0) != 0 }
    }

    @Test("a program's end says status, output and signal")
    func programEnd() async throws {
        let end = try await run(
            "/bin/sh", ["-c", "cat; echo no >&2; pwd; exit 3"], workingDirectory: "/", input: "in\n")
        #expect(end.status == 3)
        #expect(end.output == "in\n/\n")
        #expect(end.errorOutput == "no\n")
        let killed = try await run("/bin/sh", ["-c", "kill -TERM $$"])
        #expect(killed.signal == SIGTERM)
    }

    @Test("a missing tool is an error that names its package")
    func missingTool() {
        let error = #expect(throws: TestSupportError.self) { try findTool("no-such-tool", package: "some-package") }
        #expect(error?.description.contains("apt-get install some-package") == true)
    }

    @Test("a terminal takes keys, shows what is written, and controls the program")
    func terminal() async throws {
        let sized = try PseudoTerminal("/bin/stty", ["size"], columns: 100, rows: 30)
        try await sized.wait(for: "30 100")
        let terminal = try PseudoTerminal("/bin/cat")
        defer { terminal.endNow() }
        terminal.send("keys\r")
        // Once from the terminal's echo, once from cat.
        try await terminal.wait(for: "keys")
        try await terminal.wait(for: "keys")
        terminal.send("\u{3}")
        #expect(try await terminal.end(within: .seconds(10)).signal == SIGINT)
    }

    @Test("escape sequences are taken out of a terminal's text")
    func plainText() {
        #expect(
            plainTerminalText("a\u{1b}[1;31mb\u{1b}[0m\u{1b}]0;title\u{7}c\u{1b}(B\r\n\u{1b}]8;;x\u{1b}\\d\u{1b}=e")
                == "abc\nde")
    }

    @Test("tmux shows a program's screen, takes keys and sizes, and tells how it ended")
    func tmux() async throws {
        try await withTemporaryFolder { folder in
            try await TmuxSession.run(
                "/bin/sh", ["-c", "read line; stty size; echo \"got $line\"; exit 7"], workingDirectory: folder,
                in: folder
            ) { session in
                try await session.resize(columns: 100, rows: 30)
                try await session.type("it's typed")
                try await session.press("Enter")
                try await session.wait(for: "got it's typed")
                #expect(try await session.screen().contains("30 100"))
                #expect(try await session.exitStatus() == 7)
            }
        }
    }

    @Test("an engine loads an image, runs it, publishes ports, and is gone afterwards")
    func engine() async throws {
        try await withTemporaryFolder { folder in
            let archive = try await TinyImage.archive(in: folder)
            let socket = try await PodmanEngine.run { engine in
                _ = try await engine.docker("import", archive.string, "tiny:latest").succeeded()
                #expect(
                    try await engine.docker("run", "--rm", "tiny", "echo", "inside").succeeded().output == "inside\n")
                _ = try await engine.docker("run", "-d", "--name", "c", "tiny", "sleep", "100").succeeded()
                #expect(try await engine.docker("exec", "c", "echo", "again").succeeded().output == "again\n")
                let terminal = try engine.dockerOnTerminal("exec", "-it", "c", "sh")
                defer { terminal.endNow() }
                terminal.send("echo $((40 + 2))\r")
                try await terminal.wait(for: "42")
                return engine.socket
            }
            #expect(!socket.isThere)
        }
    }

    @Test("umoci and runc run an image of an OCI layout")
    func bundle() async throws {
        try await withTemporaryFolder { folder in
            let layout = try await TinyImage.layout(in: folder)
            let bundle = try await ImageBundle(layout: layout, tag: "tiny", unpackedTo: folder.appending("bundle"))
            let container = try bundle.start(name: "tiny-\(getpid())", environment: ["GREETING": "hello"])
            let answer = try await container.exec("sh", "-c", "echo $GREETING; echo $$")
            await container.remove()
            #expect(try answer.succeeded().lines.first == "hello")
        }
    }
}
