import BuildpackAPI
import Testing

@testable import Lifecycle

@Suite("Masking of secrets")
struct RedactorTests {
    private let redactor = Redactor(secrets: ["TOKEN": "s3cr3t/value+1", "PIN": "123"])

    @Test(
        "Every form of a value is masked",
        arguments: [
            "s3cr3t/value+1", "czNjcjN0L3ZhbHVlKzE", "s3cr3t%2Fvalue%2B1",
            "115,51,99,114,51,116,47,118,97,108,117,101,43,49",
        ])
    func forms(form: String) {
        #expect(redactor.redact("a \(form) b") == "a [TOKEN] b")
    }

    @Test("A short value is masked as a whole word of a command only")
    func short() {
        #expect(redactor.redact("line 123") == "line 123")
        #expect(redactor.redactCommand("login 123 x123") == "login [PIN] x123")
    }

    @Test("Text without secrets stays as it is")
    func plain() {
        #expect(redactor.redact("Compiling 3 files (.ex)\n") == "Compiling 3 files (.ex)\n")
    }

    @Test("What the build plan asks for is masked, however deep it stands")
    func plan() {
        func plan(_ text: String) -> LifecycleEvent.Kind {
            let metadata: [String: MetadataValue] = [
                "text": .string(text), "list": .array([.string(text), .integer(1)]),
                "table": .table(["inner": .array([.table(["x": .string(text)])])]),
            ]
            return .planResolved(
                ResolvedPlan(
                    group: [BuildpackReference(id: "a")],
                    entries: [.init(name: "x", providers: ["a"], requires: [.init("x", metadata: metadata)])]))
        }
        #expect(redactor.redact(plan("to s3cr3t/value+1")) == plan("to [TOKEN]"))
    }

    @Test("A secret inside a longer one is masked with the longer one")
    func nested() {
        let redactor = Redactor(secrets: ["A": "abcdef", "B": "abcdefgh"])
        #expect(redactor.redact("abcdefgh abcdef") == "[B] [A]")
    }
}
