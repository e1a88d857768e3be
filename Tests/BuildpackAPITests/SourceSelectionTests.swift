import BuildpackAPI
import Testing

@Suite("Which files take part")
struct SourceSelectionTests {
    private func includes(_ path: String, isFolder: Bool = false, _ selection: SourceSelection = .init()) -> Bool {
        selection.includes(
            name: path.split(separator: "/").last.map(String.init) ?? "", path: path, isFolder: isFolder)
    }

    private func patterns(_ lines: String...) -> [IgnorePattern] { lines.compactMap(IgnorePattern.init) }

    @Test(
        "keys, certificates and .env files never do, wherever they are and whatever the user takes",
        arguments: [
            ".env", ".env.prod", "config/.env.local", "priv/tls.key", "server.pem", ".git", "assets/node_modules",
            "a/.direnv", ".devenv", ".venv",
        ])
    func never(path: String) {
        #expect(!includes(path))
        #expect(!includes(path, SourceSelection(inclusions: patterns("**", "!nothing"))))
    }

    @Test(
        "_build and deps stay out of the project and its umbrella's children, and count deeper in the source",
        arguments: [
            ("_build", false), ("deps", false), ("apps/web/_build", false), ("apps/web/deps", false),
            ("lib/deps", true), ("lib/my/_build", true), ("apps/deps", true), ("apps/web/lib/deps", true),
        ])
    func buildFolders(path: String, expected: Bool) { #expect(includes(path, isFolder: true) == expected) }

    @Test("of patterns that leave out, the last that matches counts")
    func lastCounts() {
        let selection = SourceSelection(exclusions: patterns("*.log", "!keep.log"))
        #expect(!includes("a.log", selection))
        #expect(includes("keep.log", selection))
        let reversed = SourceSelection(exclusions: patterns("!keep.log", "*.log"))
        #expect(!includes("keep.log", reversed))
    }

    @Test("where the user says what to take, files need a pattern, their own before the one of a folder above")
    func inclusions() {
        let selection = SourceSelection(inclusions: patterns("lib/", "!lib/secret.ex", "mix.exs"))
        #expect(includes("mix.exs", selection))
        #expect(includes("lib/deep/a.ex", selection))
        #expect(!includes("lib/secret.ex", selection))
        #expect(!includes("README.md", selection))
        #expect(includes("docs", isFolder: true, selection))
        let nested = SourceSelection(inclusions: patterns("lib/", "!lib/made/"))
        #expect(includes("lib/a.ex", nested))
        #expect(!includes("lib/made/a.ex", nested))
    }

    @Test("what is left out is left out, also where it is taken")
    func excludedWins() {
        let selection = SourceSelection(
            excluded: ["big"], exclusions: patterns("lib/b.ex"), inclusions: patterns("lib/", "big"))
        #expect(!includes("lib/b.ex", selection))
        #expect(!includes("big", selection))
        #expect(!includes("lib/big", selection))
        #expect(includes("lib/a.ex", selection))
    }
}
