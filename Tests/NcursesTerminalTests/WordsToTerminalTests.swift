import Diagnostics
import FoundationEssentials
import Testing

@testable import NcursesTerminal

@Suite("What a terminal is called, and what it is told")
struct WordsToTerminalTests {
    @Test(
        "a terminal that says nothing, cannot move the cursor or is a path has no description",
        arguments: [nil, "", "dumb", "unknown", "../xterm", "x/xterm", "/etc/passwd", ".hidden"])
    func refused(name: String?) {
        let error = #expect(throws: Failure.self) { try TerminalName.candidates(name) }
        #expect(error?.code == .noTerminal)
    }

    @Test(
        "a terminal's own description comes first, then those that it is most like; before all, one with every colour")
    func candidates() throws {
        #expect(try TerminalName.candidates("xterm-kitty") == ["xterm-kitty", "xterm-256color", "xterm"])
        #expect(try TerminalName.candidates("xterm") == ["xterm", "xterm-256color"])
        #expect(try TerminalName.candidates("vt220") == ["vt220"])
        let direct = try TerminalName.candidates("tmux-256color", showsEveryColor: true)
        #expect(direct == ["tmux-direct", "tmux-256color", "screen-256color", "screen"])
        #expect(try TerminalName.candidates("vt220", showsEveryColor: true) == ["vt220"])
    }

    /// What a terminal would put on the clipboard.
    private func clipboard(_ text: String) throws -> String {
        let (start, end) = ("\u{1B}]52;c;", "\u{7}")
        let sequence = Clipboard.sequence(for: text)
        #expect(sequence.hasPrefix(start) && sequence.hasSuffix(end))
        let data = try #require(Data(base64Encoded: String(sequence.dropFirst(start.count).dropLast(end.count))))
        return String(decoding: data, as: UTF8.self)
    }

    @Test("a text goes to the clipboard as it is, up to 74,000 bytes, cut between characters")
    func clipboardLimit() throws {
        for text in ["", "a", "ab", "abc", "é", "\u{1F980}"] { #expect(try clipboard(text) == text) }
        let most = String(repeating: "x", count: 74_000)
        #expect(try clipboard(most) == most)
        #expect(try clipboard(most + "y") == most)
        // Of a character of four bytes one, two or three would still have room.
        for count in 73_997...73_999 {
            let start = String(repeating: "x", count: count)
            #expect(try clipboard(start + "\u{1F980}") == start)
        }
        #expect(try clipboard(String(repeating: "x", count: 73_996) + "\u{1F980}").unicodeScalars.last == "\u{1F980}")
    }

    @Test(
        "a message is a notification where the terminal is known to have them, and the bell elsewhere",
        arguments: [
            (["TERM_PROGRAM": "iTerm.app"], "\u{1B}]9;built d\u{7}"),
            (["TERM": "xterm-kitty"], "\u{1B}]9;built d\u{7}"),
            (["TERM": "foot"], "\u{1B}]777;notify;mixpack;built d\u{7}"),
            (["TERM_PROGRAM": "WezTerm"], "\u{1B}]777;notify;mixpack;built d\u{7}"),
            (["TERM": "xterm-256color"], "\u{7}"), (["TERM": "xterm-kitty", "TMUX": "/tmp/a"], "\u{7}"),
        ])
    func notification(environment: [String: String], bytes: String) {
        #expect(DesktopNotification(environment: environment).sequence(for: "built\u{7}\u{1B}\u{9C}; d") == bytes)
    }

    @Test("a title has no character that would end it or begin a command")
    func title() {
        let modes = ScreenModes(title: "a\u{7}b\u{1B}]0;c\u{9C}d\u{7F}e\n")
        #expect(modes.changes(from: ScreenModes(), hasTitle: true) == "\u{1B}]2;ab]0;cde\u{7}")
        #expect(modes.changes(from: ScreenModes(), hasTitle: false) == "")
        #expect(modes.changes(from: modes, hasTitle: true) == "")
    }
}
