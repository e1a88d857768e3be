import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("The screen", .timeLimit(.minutes(2)))
struct ScreenTests {
    @Test("a new size reaches the program, exported LINES and COLUMNS or not")
    func resize() async throws {
        let terminal = try await Probe.start([], ["LINES": "10", "COLUMNS": "20"])
        try await eventually("the true size at first") { terminal.plainText.contains("ready:80x24") }
        terminal.resize(columns: 100, rows: 30)
        try await terminal.wait(for: "#1:resize:100x30;")
        terminal.resize(columns: 40, rows: 10)
        try await terminal.wait(for: "#2:resize:40x10;")
        terminal.endNow()
    }

    @Test("Ctrl-Z stops the program with the terminal given back; fg shows all again")
    func suspend() async throws {
        let shell = try PseudoTerminal(
            findTool("bash"), ["--norc", "--noprofile", "-i"],
            environment: Probe.environment.merging(["PS1": "prompt> "]) { $1 })
        try await shell.wait(for: "prompt> ")
        shell.send("\(try Probe.executable())\r")
        try await shell.wait(for: "ready:80x24")
        shell.send("p")
        try await shell.wait(for: "#1:key:p;")
        shell.send("\u{1A}")
        try await shell.wait(for: "Stopped")
        try await shell.wait(for: "prompt> ")
        #expect(ScreenModeTracker(shell.output).on.isDisjoint(with: [1004, 1049]))
        shell.send("fg\r")
        try await shell.wait(for: "#3:resume;")
        #expect(ScreenModeTracker(shell.output).on.isSuperset(of: [1049, 2004]))
        shell.send("a")
        try await shell.wait(for: "#4:key:a;")
        shell.send("q")
        try await shell.wait(for: "ended-after-5-events")
        shell.endNow()
    }

    @Test("SIGTSTP and SIGCONT from outside do the same")
    func stopSignal() async throws {
        let shell = try PseudoTerminal(
            findTool("bash"), ["--norc", "--noprofile", "-i"],
            environment: Probe.environment.merging(["PS1": "prompt> "]) { $1 })
        try await shell.wait(for: "prompt> ")
        shell.send("\(try Probe.executable())\r")
        try await shell.wait(for: "ready:80x24")
        let group = try await Processes.child(of: shell.id, named: "TerminalProbe")
        kill(group, SIGTSTP)
        try await shell.wait(for: "Stopped")
        #expect(ScreenModeTracker(shell.output).on.isDisjoint(with: [1004, 1049]))
        shell.send("fg\r")
        try await shell.wait(for: "resume;")
        shell.send("q")
        try await shell.wait(for: "ended-after-")
        shell.endNow()
    }

    @Test("another program has the terminal to itself meanwhile, and all is drawn again after it")
    func lend() async throws {
        let terminal = try await Probe.start()
        terminal.send("s")
        try await terminal.wait(for: "CHILD-OUTPUT")
        try await terminal.wait(for: "#1:key:s;")
        try await terminal.wait(for: "#2:back;")
        #expect(ScreenModeTracker(terminal.output).on.contains(1049))
        terminal.send("q")
        #expect(try await terminal.end().status == 0)
    }

    @Test("a terminal that is gone ends the program instead of letting it spin, hang-up signal or not")
    func lostTerminal() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("id")
            let command = "trap '' HUP; echo $$ > '\(file)'; exec \(try Probe.executable())"
            try await TmuxSession.run(
                findTool("bash"), ["-c", command],
                environment: Probe.environment.merging(["TERM": "tmux-256color"]) { $1 },
                workingDirectory: folder, in: folder
            ) { session in try await session.wait(for: "ready:80x24") }
            // The server is gone here, and the terminal with it.
            let id = try #require(Int32(file.readText().filter(\.isNumber)))
            try await eventually("the end of process \(id)") { kill(id, 0) != 0 }
        }
    }

    @Test("tmux shows wide and combined characters where they belong")
    func tmux() async throws {
        try await withTemporaryFolder { folder in
            try await TmuxSession.run(
                Probe.executable(), environment: Probe.environment.merging(["TERM": "tmux-256color"]) { $1 },
                workingDirectory: folder, in: folder
            ) { session in
                try await session.wait(for: "ready:80x24")
                try await session.press("w")
                try await session.wait(for: "日本e\u{301}✓─👨|")
                try await session.press("q")
                #expect(try await session.exitStatus() == 0)
            }
        }
    }

    @Test("Ctrl-L draws everything again")
    func redraw() async throws {
        let terminal = try await Probe.start()
        terminal.send("a")
        try await terminal.wait(for: "#1:key:a;")
        terminal.send("\u{C}")
        try await terminal.wait(for: "#1:key:a;")
        try await terminal.wait(for: "ready:80x24")
        terminal.endNow()
    }

    @Test("a key changes few bytes on the wire")
    func fewBytes() async throws {
        let terminal = try await Probe.start()
        terminal.send("a")
        try await terminal.wait(for: "#1:key:a;")
        let before = terminal.output.utf8.count
        terminal.send("b")
        try await terminal.wait(for: "#2:key:b;")
        #expect(terminal.output.utf8.count - before < 60)
        terminal.endNow()
    }
}
