import Testing

@testable import TerminalUI

@Suite("Glyphs")
struct GlyphTests {
    @Test(
        "every cluster has one text and one width",
        arguments: [
            ("a", "a", 1), ("é", "é", 1), ("e\u{301}", "e\u{301}", 1), ("日", "日", 2), ("한", "한", 2), ("ｗ", "ｗ", 2),
            ("⚠\u{FE0F}", "⚠", 1), ("👨\u{200D}👩\u{200D}👧", "👨", 2), ("👍🏽", "👍", 2), ("🇩🇪", "DE", 2),
            ("\u{1FAE8}", "\u{1FAE8}", 2), ("\u{1B}", " ", 1), ("\u{9B}", " ", 1), ("\r\n", " ", 1),
            ("\u{200B}", "", 0),
            ("─", "─", 1), ("•", "•", 1),
        ])
    func clusters(character: Character, text: String, width: Int) {
        #expect(Glyph(character).text == text)
        #expect(Glyph(character).width == width)
    }

    @Test("a heap of marks is cut to what a terminal cell holds")
    func marks() {
        let heap = Character("a" + String(repeating: "\u{301}", count: 40))
        #expect(Glyph(heap).text.unicodeScalars.count == 4)
    }

    @Test("text is measured, cut and padded by columns", arguments: [("abc", 3), ("日本", 4), ("a日", 3), ("", 0)])
    func columns(text: String, columns: Int) {
        #expect(text.columns == columns)
        #expect(text.padded(to: 6).columns == 6)
        for limit in 0..<columns { #expect(text.truncated(to: limit).columns <= limit) }
    }
}
