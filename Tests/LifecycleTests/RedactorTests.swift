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

    @Test("A secret inside a longer one is masked with the longer one")
    func nested() {
        let redactor = Redactor(secrets: ["A": "abcdef", "B": "abcdefgh"])
        #expect(redactor.redact("abcdefgh abcdef") == "[B] [A]")
    }
}
