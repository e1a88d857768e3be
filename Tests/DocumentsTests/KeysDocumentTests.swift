import Testing

@testable import Console
@testable import Documents

@Suite struct KeysDocumentTests {
    @Test("docs/keys.md holds every action")
    func complete() {
        for binding in KeyTable.defaults { #expect(KeysDocument.text.contains("`\(binding.action.rawValue)`")) }
    }
}
