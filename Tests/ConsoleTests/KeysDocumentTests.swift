import Console
import TestSupport
import Testing

@Suite struct KeysDocumentTests {
    @Test("docs/keys.md is fresh")
    func document() throws {
        try expectFreshDocument("docs/keys.md", KeysDocument.text)
    }

    @Test("docs/console.md tells the flag of every action that has one")
    func flags() throws {
        let page = try repositoryFolder().appending("docs/console.md").readText()
        let parts = page.split(separator: "<!-- flags -->\n", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        try expectFreshDocument(
            "docs/console.md",
            [String(parts[0]), KeysDocument.flags, String(parts[2])].joined(separator: "<!-- flags -->\n"))
    }
}
