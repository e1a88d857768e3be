import BuildpackAPI
import Synchronization
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

@Suite("Events of a build")
struct EventEmitterTests {
    private final class Events: Sendable {
        private let kinds = Mutex<[LifecycleEvent.Kind]>([])

        var text: String {
            kinds.withLock { kinds in
                kinds.map { kind in
                    if case .output(let output) = kind { return output.text }
                    return "<\(kind)>".contains("commandEnded") ? "<ended>" : ""
                }.joined()
            }
        }

        func add(_ event: LifecycleEvent) { kinds.withLock { $0.append(event.kind) } }
    }

    @Test("A value in a line that comes in pieces is masked, and all of the line is there before the command's end")
    func pieces() {
        let events = Events()
        let value = "s3cr3t-" + String(repeating: "0123456789abcdef", count: 6400)
        let emit = EventEmitter(redactor: Redactor(secrets: ["TOKEN": value]), now: { 0 }) { events.add($0) }
        let reporter = emit.reporter(for: "b")
        reporter(.commandStarted(id: 1, text: "run"))
        var text = String(repeating: "x", count: 60_000) + value + String(repeating: "y", count: 70_000) + "end"
        while !text.isEmpty {
            reporter(.output(text: String(text.prefix(65_536)), isError: false))
            text = String(text.dropFirst(65_536))
        }
        reporter(.commandEnded(id: 1, status: 0, seconds: 1))
        #expect(events.text.contains("[TOKEN]"))
        #expect(!events.text.contains("0123456789abcdef"))
        #expect(events.text.filter { $0 == "x" }.count == 60_000 && events.text.filter { $0 == "y" }.count == 70_000)
        #expect(events.text.hasSuffix("end<ended>"))
    }

    @Test("What a command wrote last is sent before the build's end")
    func lastWords() {
        let events = Events()
        let emit = EventEmitter(redactor: Redactor(secrets: ["TOKEN": "s3cr3t-value"]), now: { 0 }) { events.add($0) }
        let reporter = emit.reporter(for: "b")
        reporter(.commandStarted(id: 1, text: "run"))
        reporter(.output(text: "s3cr3t", isError: false))
        #expect(events.text.isEmpty)
        emit(.cancelled)
        #expect(events.text == "s3cr3t")
    }
}
