import Diagnostics
import FoundationEssentials
import Testing

struct FailureTests {
    @Test("a failure says its place, its message and what to try")
    func text() {
        #expect(Failure(.usage, "no").description == "no")
        #expect(Failure(.usage, "no", advice: "try").description == "no; try")
        #expect(Failure(.usage, "no", advice: "one\ntwo").description == "no\none\ntwo")
        let placed = Failure(.malformed, "no", at: Place("a.toml", line: 3, column: 7), advice: "try")
        #expect(placed.description == "a.toml:3:7: no\ntry")
        #expect(Place("a.toml").description == "a.toml")
    }

    @Test("words in front keep place, advice, choices and the cause")
    func cause() {
        let first = Failure(.notFound, "no file", at: Place("x", line: 1), advice: "make it", choices: ["a"])
        let second = first.failing("cannot plan", as: .cannotPlan)
        #expect(second.message == "cannot plan: no file")
        #expect(second.code == .cannotPlan && second.place == first.place && second.choices == ["a"])
        #expect(second.advice == "make it")
        #expect(second.cause == first)
        #expect(first.failing("x").code == .notFound)
        #expect(first.coded(.usage).message == "no file" && first.coded(.usage).code == .usage)
    }

    @Test("any error becomes a failure; one that is a failure stays what it is")
    func adopting() {
        struct Other: Error, CustomStringConvertible { var description: String { "other" } }
        #expect(Failure(Other(), or: .unreadable) == Failure(.unreadable, "other"))
        #expect(Failure(Failure(.usage, "no"), or: .unreadable) == Failure(.usage, "no"))
    }

    @Test("its JSON has the keys that mixpack detect --json had")
    func json() throws {
        let failure = Failure(.brokenMixFile, "no", at: Place("mix.exs", line: 2), advice: "try", choices: ["a"])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = String(decoding: try encoder.encode(failure), as: UTF8.self)
        #expect(
            text
                == #"{"advice":"try","choices":["a"],"file":"mix.exs","kind":"brokenMixFile","line":2,"message":"no"}"#)
    }

    @Test("what the system refuses is named, with the usual cure")
    func system() {
        let failure = Failure.system(.unwritable, "/x", errno: 28)
        #expect(failure.message == "/x: No space left on device")
        #expect(failure.advice == "free some space")
    }
}
