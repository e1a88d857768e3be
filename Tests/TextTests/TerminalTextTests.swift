import Testing

@testable import Text

@Suite("Text for a terminal")
struct TerminalTextTests {
    @Test(
        "Colours stay, and nothing else that a terminal obeys",
        arguments: [
            ("plain é 日本 text\twith a tab\n", "plain é 日本 text\twith a tab\n"),
            ("\u{1B}[31mred\u{1B}[0m\n", "\u{1B}[31mred\u{1B}[0m\n"),
            ("\u{1B}[38;2;1;2;3mred\n", "\u{1B}[38;2;1;2;3mred\u{1B}[0m\n"),
            ("\u{1B}[1mbold", "\u{1B}[1mbold\u{1B}[0m"),
            ("a\u{1B}]52;c;ZXZpbA==\u{7}b", "ab"), ("a\u{1B}]0;title\u{1B}\\b", "ab"), ("a\u{1B}]0;no end\nb", "a\nb"),
            ("a\u{1B}[2J\u{1B}[H\u{1B}[?25l\u{1B}[?1049hb", "ab"), ("a\u{1B}[>4;2mb", "ab"), ("a\u{1B}[6nb", "ab"),
            ("a\u{1B}Pq#0\u{1B}\\b", "ab"), ("a\u{1B}_Gf=100\u{1B}\\b", "ab"), ("a\u{1B}^pm\u{1B}\\b", "ab"),
            ("a\u{1B}cb", "ab"), ("a\u{1B}(0b", "ab"), ("a\u{1B}7\u{1B}8b", "ab"), ("a\u{7}\u{0}\u{8}\u{7F}\rb", "ab"),
            ("a\u{9B}2Jb", "ab"), ("a\u{9D}0;title\u{9C}b", "ab"), ("a\u{85}\u{90}x\u{9C}b", "ab"), ("a\u{1B}", "a"),
            ("a\u{1B}[31", "a"), ("a\u{1B}[3\n1mb", "a\n1mb"),
        ])
    func filter(text: String, expected: String) {
        #expect(TerminalText.harmless(text) == expected)
        #expect(TerminalText.harmless(Array(text.utf8)) == Array(expected.utf8))
    }

    @Test("JSON keeps its text: DEL and control characters of eight bits become escapes")
    func json() {
        let json = Array("{\"a\":\"\u{9B}31m\u{7F}é\"}".utf8)
        #expect(String(decoding: TerminalText.escapedJSON(json), as: UTF8.self) == #"{"a":"\u009b31m\u007fé"}"#)
    }
}
