import Testing

@testable import Console

@Suite struct LinePatternTests {
    @Test(
        "finds text and expressions with smart case",
        arguments: [
            ("warn", "a Warning here", 2..<6), ("Warn", "a warning here", nil), ("Warn", "a Warning", 2..<6),
            ("w.*g", "a warning", 2..<9), ("^a", "ba", nil), ("(x|y)+", "abxyz", 2..<4), ("ä", "für Ärger", nil),
            ("(é)+", "caféé", 3..<7), ("abc", "ab", nil), ("b", "", nil),
        ] as [(String, String, Range<Int>?)])
    func finds(pattern: String, text: String, range: Range<Int>?) throws {
        let pattern = try LinePattern(pattern)
        #expect(pattern.firstMatch(in: ArraySlice(text.utf8)) == range)
    }

    @Test("finds every match of a line, none twice")
    func findsAll() throws {
        #expect(try LinePattern("an").matches(in: ArraySlice("Banana an".utf8)) == [1..<3, 3..<5, 7..<9])
        #expect(try LinePattern("x*").matches(in: ArraySlice("axxb".utf8)) == [1..<3])
    }

    @Test("says what is wrong with a pattern", arguments: ["(", "[a", "*a{2", #"a\"#])
    func saysWhatIsWrong(pattern: String) {
        #expect(throws: LinePatternError.self) { _ = try LinePattern(pattern) }
    }
}
