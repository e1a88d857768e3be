import Diagnostics
import Testing

@testable import TerminalUI

@Suite("Searching logs")
struct LogSearchTests {
    struct Lines: LogSource {
        var lines: Range<Int>
        var text: @Sendable (Int) -> String = { "line \($0)" }

        func line(_ number: Int) -> StyledLine { StyledLine(text(number), .log) }
    }

    @Test("wide characters wrap by their columns")
    func wideWrapping() {
        let line = StyledLine("日本語テキスト")
        #expect(line.rows(0..<9, width: 5).map(\.text) == ["日本", "語テ", "キス", "ト"])
        #expect(line.rowCount(width: 5) == 4)
        #expect(StyledLine("").rowCount(width: 5) == 1)
    }

    @Test("a search grows with its log and goes round")
    func search() throws {
        var source = Lines(lines: 0..<25)
        var search = LogSearch(try SearchPattern("line .?5$"))
        #expect(search.extend(over: source, limit: 10) == false)
        #expect(search.extend(over: source) == true)
        #expect(search.matches == [5, 15])
        #expect(search.next(from: 5) == 15)
        #expect(search.next(from: 15) == 5)
        #expect(search.next(from: 5, backwards: true) == 15)
        #expect(search.counter(at: 15) == "2 of 2")
        #expect(search.counter(at: 3) == "0 of 2")
        source.lines = 10..<36
        search.extend(over: source)
        #expect(search.matches == [15, 25, 35])
    }

    @Test(
        "patterns are what people type",
        arguments: [
            ("error", "An Error here", [3..<8]), ("Error", "an error", []), ("a.c", "abc xbc aXc", [0..<3, 8..<11]),
            ("\\d+", "a12b3", [1..<3, 4..<5]),
            ("^x", "xx", [0..<1]), ("x*", "ab", []), ("é", "café", [3..<5]), ("[", "", []),
            ("a|b", "xaxb", [1..<2, 3..<4]),
        ])
    func patterns(pattern: String, text: String, ranges: [Range<Int>]) throws {
        guard pattern != "[" else {
            #expect(throws: Failure.self) { try SearchPattern(pattern) }
            return
        }
        #expect(try SearchPattern(pattern).ranges(in: text) == ranges)
        #expect(try SearchPattern(pattern).isFound(in: text) == (!ranges.isEmpty || pattern == "x*"))
    }

    @Test("an empty pattern is refused; history is walked both ways")
    func history() {
        #expect(throws: Failure.self) { try SearchPattern("") }
        var history = SearchHistory(["a", "b"])
        history.add("a")
        #expect(history.entries == ["b", "a"])
        #expect(history.previous() == "a")
        #expect(history.previous() == "b")
        #expect(history.previous() == nil)
        #expect(history.next() == "a")
        #expect(history.next() == nil)
    }

    @Test(
        "a pattern without an upper-case letter finds any case, one with such a letter its own alone",
        arguments: [
            ("error", ["error", "Error", "ERROR"]), ("Error", ["Error"]), ("err.r", ["error", "Error", "ERROR"]),
            ("Err.r", ["Error"]), ("ERROR", ["ERROR"]), ("E", ["Error", "ERROR"]),
        ])
    func upperCase(pattern: String, found: [String]) throws {
        let search = try SearchPattern(pattern)
        #expect(["error", "Error", "ERROR"].filter { search.isFound(in: $0) } == found)
    }

    @Test("the last fifty searches are kept, each once")
    func historyLimit() {
        var history = SearchHistory((1...60).map { "\($0)" })
        #expect(history.entries == (11...60).map { "\($0)" })
        history.add("12")
        #expect(history.entries == (11...60).filter { $0 != 12 }.map { "\($0)" } + ["12"])
        history.add("new")
        #expect(history.entries.count == 50)
        #expect(history.entries.first == "13" && history.entries.last == "new")
    }
}
