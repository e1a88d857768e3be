import TestSupport
import Testing

@testable import Documents

@Suite struct SecurityDocumentTests {
    @Test("each promise has tests, all of which exist")
    func complete() throws {
        let document = try SecurityDocument(tests: repositoryFolder().appending("Tests"))
        for promise in SecurityPromise.all {
            #expect(!promise.tests.isEmpty, "\(promise.text)")
            #expect(document.missing(of: promise).isEmpty, "\(promise.text)")
        }
    }
}
