import TestSupport
import Testing

@testable import NcursesTerminal

@Suite("Keys, paste, mouse", .timeLimit(.minutes(2)))
struct InputTests {
    @Test("keys reach the program by their names")
    func keys() async throws {
        let terminal = try await Probe.start()
        let keys: [(bytes: String, name: String)] = [
            ("a", "a"), ("G", "G"), ("\r", "Enter"), ("\t", "Tab"), ("\u{7F}", "Backspace"), ("\u{3}", "C-c"),
            ("\u{1B}OA", "Up"), ("\u{1B}[B", "Down"), ("\u{1B}[5~", "PgUp"), ("\u{1B}[1;5C", "C-Right"),
            ("\u{1B}[Z", "S-Tab"), ("\u{1B}OP", "F1"), ("\u{1B}[24~", "F12"), ("é", "é"), ("日", "日"),
            ("\u{1B}x", "M-x"),
        ]
        for (index, key) in keys.enumerated() {
            terminal.send(key.bytes)
            try await terminal.wait(for: "#\(index + 1):key:\(key.name);")
        }
        terminal.endNow()
    }

    @Test("a lone Esc is a key though nothing follows it")
    func escape() async throws {
        let terminal = try await Probe.start()
        terminal.send("\u{1B}")
        try await terminal.wait(for: "#1:key:Esc;")
        terminal.endNow()
    }

    @Test(
        "how long what follows an Esc is waited for",
        arguments: [
            ([:], 25), (["SSH_TTY": "/dev/pts/1"], 100), (["ESCDELAY": "50", "SSH_TTY": "x"], 50),
            (["ESCDELAY": "no"], 25),
            (["ESCDELAY": "-1"], 25),
        ])
    func escapeDelay(environment: [String: String], milliseconds: Int) {
        #expect(TerminalOptions(environment: environment).escapeDelay == .milliseconds(milliseconds))
    }

    @Test("a paste is one event and no key of it does anything, only while it is asked for")
    func paste() async throws {
        let terminal = try await Probe.start()
        #expect(!ScreenModeTracker(terminal.output).used.contains(2004))
        terminal.send("p")
        try await terminal.wait(for: "#1:key:p;")
        try await eventually("paste mode") { ScreenModeTracker(terminal.output).on.contains(2004) }
        terminal.send("\u{1B}[200~q\r\nx\u{3} z\u{1B}[201~")
        try await terminal.wait(for: "#2:paste:q|x_z;")
        terminal.send("p")
        try await terminal.wait(for: "#3:key:p;")
        try await eventually("no paste mode") { !ScreenModeTracker(terminal.output).on.contains(2004) }
        terminal.endNow()
    }

    @Test(
        "the mouse is seen in column 240 too, wherever the terminal's description stands",
        arguments: ["xterm-256color", "tmux-256color"])
    func mouse(name: String) async throws {
        let terminal = try await Probe.start([], ["TERM": name], columns: 250)
        terminal.send("m")
        try await eventually("mouse mode") { ScreenModeTracker(terminal.output).on.isSuperset(of: [1000, 1002, 1006]) }
        terminal.send("\u{1B}[<0;240;3M\u{1B}[<0;240;3m\u{1B}[<64;1;1M\u{1B}[<0;999;999M")
        try await terminal.wait(for: "#2:mouse:press:239,2;")
        try await terminal.wait(for: "#3:mouse:release:239,2;")
        try await terminal.wait(for: "#4:mouse:wheel-up:0,0;")
        terminal.send("am")
        try await terminal.wait(for: "#5:key:a;")
        try await eventually("no mouse mode") {
            ScreenModeTracker(terminal.output).on.isDisjoint(with: [1000, 1002, 1006])
        }
        terminal.endNow()
    }

    @Test("the window's focus is told")
    func focus() async throws {
        let terminal = try await Probe.start()
        terminal.send("\u{1B}[O\u{1B}[I")
        try await terminal.wait(for: "#1:focus:false;")
        try await terminal.wait(for: "#2:focus:true;")
        terminal.endNow()
    }

    @Test("a text for the clipboard, a bell and a title are sent as terminals know them")
    func reports() async throws {
        let terminal = try await Probe.start()
        terminal.send("ybt")
        try await terminal.wait(for: "#3:key:t;")
        try await eventually("all of it") {
            terminal.output.contains("\u{1B}]52;c;Y29waWVkIHRleHQ=\u{7}")
                && terminal.output.contains("\u{1B}]2;probe\u{7}")
        }
        terminal.endNow()
    }
}
