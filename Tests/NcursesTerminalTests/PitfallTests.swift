import Glibc
import SystemPackage
import TestSupport
import Testing

/// What the other suites of this module leave of the known traps of ncurses, each through a real terminal.
@Suite("Traps of terminals", .timeLimit(.minutes(2)))
struct PitfallTests {
    @Test("a program that calls exit gives the terminal back, and its status stays")
    func exits() async throws {
        let terminal = try await Probe.start()
        terminal.send("pm")
        try await terminal.wait(for: "#2:key:m;")
        terminal.send("X")
        #expect(try await terminal.end().status == 4)
        try await eventually("a clean terminal") { ScreenModeTracker(terminal.output).isClean }
        #expect(try await terminal.settings() == Probe.freshSettings())
    }

    @Test("a process that was stopped and continued without a word switches its modes on again and draws all")
    func stoppedFromOutside() async throws {
        let terminal = try await Probe.start()
        terminal.send("m")
        try await terminal.wait(for: "#1:key:m;")
        let before = terminal.output.utf8.count
        terminal.send(signal: SIGSTOP)
        terminal.send(signal: SIGCONT)
        // Drawn again whole, and only then is the program told.
        try await terminal.wait(for: "#1:key:m;")
        try await terminal.wait(for: "ready:80x24")
        try await terminal.wait(for: "#2:resume;")
        let after = String(decoding: Array(terminal.output.utf8.dropFirst(before)), as: UTF8.self)
        #expect(ScreenModeTracker(after).used.isSuperset(of: [1000, 1002, 1004, 1006, 1049]))
        terminal.endNow()
    }

    @Test("Ctrl-Z switches the mouse off while the program stands still, and on again")
    func suspendedMouse() async throws {
        let shell = try PseudoTerminal(
            findTool("bash"), ["--norc", "--noprofile", "-i"],
            environment: Probe.environment.merging(["PS1": "prompt> "]) { $1 })
        try await shell.wait(for: "prompt> ")
        shell.send("\(try Probe.executable())\r")
        try await shell.wait(for: "ready:80x24")
        shell.send("m")
        try await eventually("the mouse") { ScreenModeTracker(shell.output).on.contains(1006) }
        shell.send("\u{1A}")
        try await shell.wait(for: "Stopped")
        #expect(ScreenModeTracker(shell.output).on.isDisjoint(with: [1000, 1002, 1004, 1006, 1049]))
        shell.resize(columns: 90, rows: 28)
        shell.send("fg\r")
        try await shell.wait(for: "ready:90x28")
        #expect(ScreenModeTracker(shell.output).on.isSuperset(of: [1000, 1002, 1006, 1049]))
        shell.send("q")
        try await shell.wait(for: "ended-after-")
        shell.endNow()
    }

    @Test("many new sizes in a row end with the last, and are told of a few times only")
    func resizes() async throws {
        let terminal = try await Probe.start()
        for columns in 81...180 { terminal.resize(columns: columns, rows: 30) }
        try await terminal.wait(for: "ready:180x30")
        let told = terminal.plainText.split(separator: ":resize:").count - 1
        #expect(told < 50)
        terminal.endNow()
    }

    @Test("control bytes in a text are never sent to the terminal")
    func controlBytes() async throws {
        let terminal = try await Probe.start()
        terminal.send("k")
        try await terminal.wait(for: "a [2Jb c d 2Je|")
        let sent = terminal.output
        #expect(!sent.contains("\u{1B}[2Jb"))
        #expect(!sent.contains("\u{7}"))
        #expect(!sent.contains("\u{9B}"))
        terminal.endNow()
    }

    @Test("what terminals measure differently is not sent: no selector, no joiner, no skin tone")
    func disputedWidths() async throws {
        let terminal = try await Probe.start()
        terminal.send("w")
        try await terminal.wait(for: "日本e\u{301}✓─👨|")
        #expect(!terminal.output.unicodeScalars.contains { [0xFE0F, 0x200D, 0x1F3FD].contains($0.value) })
        terminal.endNow()
    }

    @Test("a locale of another character set gets ASCII and question marks, and the program runs")
    func otherCharacterSet() async throws {
        try await withTemporaryFolder { folder in
            let locale = folder.appending("de_DE.ISO-8859-1")
            _ = try await run(
                findTool("localedef", package: "libc-bin"),
                ["--no-archive", "-c", "-i", "de_DE", "-f", "ISO-8859-1", locale.string])
            try #require(locale.isThere)
            let terminal = try await Probe.start([], ["LOCPATH": folder.string, "LC_ALL": "de_DE.ISO-8859-1"])
            terminal.send("w")
            try await terminal.wait(for: "#1:key:w;")
            try await terminal.wait(for: "??")
            #expect(terminal.output.utf8.allSatisfy { $0 < 0x80 })
            terminal.send("q")
            #expect(try await terminal.end().status == 0)
        }
    }

    @Test("more pairs of colours than a byte can count are all told apart")
    func manyPairs() async throws {
        let terminal = try await Probe.start()
        terminal.send("C")
        try await terminal.wait(for: "#1:key:C;")
        try await eventually("the colours") {
            (0..<300).allSatisfy { number in
                let (text, back) = ProbeColours.pair(number)
                return terminal.output.contains("38;5;\(text)") && terminal.output.contains("48;5;\(back)")
            }
        }
        terminal.send("q")
        #expect(try await terminal.end().status == 0)
    }

    @Test("a terminal's 24-bit colours are not used unless a theme asks for them")
    func palette() async throws {
        let terminal = try await Probe.start([], ["COLORTERM": "truecolor"])
        terminal.send("C")
        try await terminal.wait(for: "#1:key:C;")
        #expect(!terminal.output.contains("38;2;"))
        #expect(!terminal.output.contains("\u{1B}]4;"), "the palette is the user's")
        terminal.endNow()
    }

    @Test(
        "keys with modifiers have one name on every terminal",
        arguments: ["xterm-256color", "tmux-256color", "screen-256color", "linux"])
    func modifiedKeys(name: String) async throws {
        let terminal = try await Probe.start([], ["TERM": name])
        let keys = [
            ("\u{1B}[1;2A", "S-Up"), ("\u{1B}[1;3B", "M-Down"), ("\u{1B}[1;5D", "C-Left"), ("\u{1B}[3;5~", "C-Del"),
            ("\u{1B}[1~", "Home"), ("\u{1B}[4~", "End"), ("\u{1B}[H", "Home"), ("\u{1B}OF", "End"),
        ]
        for (index, key) in keys.enumerated() {
            terminal.send(key.0)
            try await terminal.wait(for: "#\(index + 1):key:\(key.1);")
        }
        terminal.endNow()
    }

    @Test("keys, sizes and frames from several threads at once leave the screen whole")
    func everythingAtOnce() async throws {
        try await withTemporaryFolder { folder in
            try await TmuxSession.run(
                Probe.executable(), environment: Probe.environment.merging(["TERM": "tmux-256color"]) { $1 },
                workingDirectory: folder, in: folder
            ) { session in
                try await session.wait(for: "ready:80x24")
                for width in [100, 70, 120, 80] {
                    try await session.type(String(repeating: "a", count: 5))
                    try await session.resize(columns: width, rows: 40)
                }
                try await session.wait(for: "ready:80x40")
                try await session.press("Z")
                try await session.wait(for: ":key:Z;")
                let rows = try await session.screen().split(separator: "\n").filter { $0.hasPrefix("#") }
                #expect(rows.filter { $0.hasSuffix(":key:a;") }.count == 20)
                #expect(rows.allSatisfy { $0.wholeMatch(of: /#[0-9]+:(key:[aZ]|resize:[0-9]+x40);/) != nil }, "\(rows)")
                try await session.press("q")
                #expect(try await session.exitStatus() == 0)
            }
        }
    }
}

/// The colours that the probe draws on `C`: 300 pairs.
enum ProbeColours {
    static func pair(_ number: Int) -> (text: Int, back: Int) { (16 + number % 200, 231 - number / 2) }
}
