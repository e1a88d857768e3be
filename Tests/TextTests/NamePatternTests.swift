import Testing
import Text

struct NamePatternTests {
    @Test(
        "a class of .gitignore is negated by ! and by ^, and one that does not end matches nothing",
        arguments: [
            ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true), ("[!a-c]x", "bx", false),
            ("[^a-c]x", "dx", true), ("[^a-c]x", "bx", false), ("[]]", "]", true), ("[a-]", "-", true),
            ("[a", "a", false), ("[a", "[a", false),
        ])
    func gitignore(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern, .gitignore).matches(name) == matches)
    }

    @Test(
        "of Go's classes only ^ negates",
        arguments: [("[^a]", "b", true), ("[^a]", "a", false), ("[!a]", "!", true), ("[!a]", "b", false)])
    func goNegation(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern, .go).matches(name) == matches)
    }

    @Test(
        "what Go's filepath.Match calls malformed is not well formed, and matches nothing",
        arguments: ["[", "[]", "[]a]", "[^", "[^bc", "[-]", "[-x]", "[x-]", "[a-b-c]", "a[", "\\"])
    func malformed(pattern: String) {
        #expect(!NamePattern(pattern, .go).isWellFormed)
        for name in ["-", "x", "a", "]", pattern] { #expect(!NamePattern(pattern, .go).matches(name)) }
    }
}
