import Console
import TestSupport
import Testing

@Suite struct KeysDocumentTests {
    @Test("docs/keys.md is fresh")
    func document() throws {
        try expectFreshDocument("docs/keys.md", KeysDocument.text)
    }
}
