import TestSupport
import Testing

@testable import Documents

@Suite struct ConformanceDocumentTests {
    @Test("every item has a test that proves it, or a reason why it has none")
    func complete() throws {
        let document = try ConformanceDocument(tests: repositoryFolder().appending("Tests"))
        for item in ConformanceDocument.sections.flatMap(\.items) {
            switch item.state {
            case .tested: #expect(!document.proofs(of: item).isEmpty, "\(item.id) has no test")
            case .provenBy(let names):
                for name in names { #expect(document.names.contains(name), "\(item.id): no test \"\(name)\"") }
            case .later(let reason), .doesNotApply(let reason):
                #expect(!reason.isEmpty)
                #expect(document.proofs(of: item).isEmpty, "\(item.id) is tested after all")
            }
        }
    }

    @Test("every number in a test's name is an item")
    func known() throws {
        let ids = Set(ConformanceDocument.sections.flatMap(\.items).map(\.id))
        for name in try ConformanceDocument(tests: repositoryFolder().appending("Tests")).names {
            for number in ConformanceDocument.numbers(of: name) { #expect(ids.contains(number), "\(name)") }
        }
    }
}
