import BuildpackAPI
import Testing

@Suite("Patterns of .gitignore")
struct IgnorePatternTests {
    @Test(
        "a pattern is about the paths that git takes it for",
        arguments: [
            ("a", "a", false, true), ("a", "x/a", false, true), ("/a", "x/a", false, false),
            ("a/b", "x/a/b", false, false),
            ("a/", "a", false, false), ("a/", "a", true, true), ("*.ex", "lib/a.ex", false, true),
            ("*.ex", "lib/a.exs", false, false), ("a*c", "abbc", false, true), ("a*c", "ab/c", false, false),
            ("a?c", "abc", false, true), ("a?c", "ac", false, false), ("**/z", "a/b/z", false, true),
            ("a/**", "a/b/c", false, true), ("a/**", "a", true, false), ("a/**/z", "a/z", false, true),
            ("[a-c]x", "bx", false, true), ("[!a-c]x", "bx", false, false), ("[!a-c]x", "dx", false, true),
            ("\\*", "*", false, true), ("\\*", "x", false, false), ("a  ", "a", false, true),
        ])
    func matches(pattern: String, path: String, isFolder: Bool, expected: Bool) throws {
        #expect(try #require(IgnorePattern(pattern)).matches(path, isFolder: isFolder) == expected)
    }

    @Test("a blank line and a comment are no pattern", arguments: ["", "   ", "# a", "/", "!"])
    func none(line: String) { #expect(IgnorePattern(line) == nil) }

    @Test("a pattern of many stars takes no longer for a name that almost fits")
    func stars() throws {
        let pattern = try #require(IgnorePattern(String(repeating: "a*", count: 40) + "b"))
        #expect(!pattern.matches(String(repeating: "a", count: 200), isFolder: false))
    }
}
