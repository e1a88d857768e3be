import Testing

@testable import TerminalUI

@Suite("A child's output")
struct OutputParserTests {
    private func parsed(_ line: String) -> StyledLine {
        var parser = OutputParser()
        return parser.parse(line)
    }

    @Test(
        "what a terminal would show stays, escape sequences go",
        arguments: [
            ("plain", "plain"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("10%\r20%\rdone", "done"),
            ("long line\rshort", "shortline"),
            ("a\tb", "a       b"), ("\u{1B}]8;;http://x\u{7}link\u{1B}]8;;\u{7}", "link"),
            ("\u{1B}]0;title\u{1B}\\x", "x"),
            ("\u{1B}[2K\u{1B}[1Gx", "x"), ("ab\u{8}c", "ac"), ("\u{1B}(Bx", "x"), ("bell\u{7}", "bell"),
            ("\u{1B}[31", ""),
            ("\u{1B}", ""), ("\u{9B}31mx", "x"), ("\u{1B}Pq#0\u{1B}\\x", "x"), ("nul\0x", "nulx"),
            ("日本\u{1B}[1m語", "日本語"),
            ("x\r", "x"), ("\u{1B}[?25lx\u{1B}[?25h", "x"),
        ])
    func text(line: String, text: String) {
        #expect(parsed(line).text == text)
    }

    @Test(
        "colours and attributes are kept",
        arguments: [
            ("31", Style(.log, foreground: .ansi(1))), ("91", Style(.log, foreground: .ansi(9))),
            ("1;4;44", Style(.log, background: .ansi(4), attributes: [.bold, .underline])),
            ("38;5;200", Style(.log, foreground: .indexed(200))), ("38;5;3", Style(.log, foreground: .ansi(3))),
            ("48;2;1;2;3", Style(.log, background: .rgb(red: 1, green: 2, blue: 3))), ("1;22", Style(.log)),
            ("31;39", Style(.log)),
            ("", Style(.log)), ("38;5", Style(.log)), ("38;2;1", Style(.log)), ("38;5;999", Style(.log)),
            ("7;27;999", Style(.log)),
            ("38:5:200", Style(.log, foreground: .indexed(200))),
        ])
    func styles(codes: String, style: Style) {
        #expect(parsed("\u{1B}[\(codes)mx").spans.last?.style == style)
    }

    @Test("a colour goes on in the next line until it is switched off")
    func acrossLines() {
        var parser = OutputParser()
        _ = parser.parse("\u{1B}[32mgreen")
        #expect(parser.parse("still").spans.first?.style.foreground == .ansi(2))
        #expect(parser.parse("\u{1B}[moff").spans.last?.style == Style(.log))
    }
}
