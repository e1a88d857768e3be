import Testing

@testable import TerminalUI

@Suite("Logs")
struct LogViewTests {
    struct Lines: LogSource {
        var lines: Range<Int>
        var text: @Sendable (Int) -> String = { "line \($0)" }

        func line(_ number: Int) -> StyledLine { StyledLine(text(number), .log) }
    }

    private func drawn(
        _ source: Lines, _ state: LogViewState, _ width: Int = 12, _ height: Int = 3, search: SearchPattern? = nil
    ) -> [String] {
        var canvas = Canvas(size: Size(width: width, height: height))
        LogView(source, state: state, search: search).draw(in: canvas.bounds, on: &canvas)
        return canvas.rows
    }

    private func layout(_ source: Lines, _ state: LogViewState, _ width: Int = 12, _ height: Int = 3) -> LogLayout<
        Lines
    > {
        LogLayout(source, size: Size(width: width, height: height), wraps: state.wraps)
    }

    @Test("the newest lines show, until one goes up; the end brings them back")
    func following() {
        var source = Lines(lines: 0..<10)
        var state = LogViewState()
        #expect(drawn(source, state) == ["line 7", "line 8", "line 9"])
        state.scroll(by: -2, in: layout(source, state))
        #expect(!state.follows)
        source.lines = 0..<15
        #expect(drawn(source, state) == ["line 5", "line 6", "line 7"])
        #expect(state.newCount(in: source) == 5)
        state.scroll(by: 100, in: layout(source, state))
        #expect(state.follows)
        #expect(drawn(source, state) == ["line 12", "line 13", "line 14"])
        state.scrollToTop(in: layout(source, state))
        #expect(drawn(source, state) == ["line 0", "line 1", "line 2"])
        state.follow()
        #expect(state.newCount(in: source) == 0)
    }

    @Test("the view stays where it is while old lines are dropped, and at the first that is left")
    func dropping() {
        var source = Lines(lines: 0..<100)
        var state = LogViewState()
        state.jump(to: 50, in: layout(source, state))
        let before = drawn(source, state)
        source.lines = 40..<140
        #expect(drawn(source, state) == before)
        source.lines = 80..<180
        #expect(drawn(source, state).first == "line 80")
    }

    @Test("long lines are cut and moved sideways, or wrapped")
    func wrapping() {
        let source = Lines(lines: 0..<3) { $0 == 1 ? "abcdefghijklmnopqrstuvwxyz" : "line \($0)" }
        var state = LogViewState(follows: false)
        #expect(drawn(source, state) == ["line 0", "abcdefghijkl", "line 2"])
        state.scrollSideways(by: 6)
        #expect(drawn(source, state) == ["", "ghijklmnopqr", ""])
        state.toggleWrap(in: layout(source, state))
        #expect(drawn(source, state) == ["line 0", "abcdefghijkl", "mnopqrstuvwx"])
        state.scroll(by: 1, in: layout(source, state))
        #expect(drawn(source, state) == ["abcdefghijkl", "mnopqrstuvwx", "yz"])
        state.follow()
        #expect(drawn(source, state) == ["mnopqrstuvwx", "yz", "line 2"])
    }

    @Test("wide characters wrap by their columns")
    func wideWrapping() {
        let line = StyledLine("日本語テキスト")
        #expect(line.rows(0..<9, width: 5).map(\.text) == ["日本", "語テ", "キス", "ト"])
        #expect(line.rowCount(width: 5) == 4)
        #expect(StyledLine("").rowCount(width: 5) == 1)
    }

    @Test("a million lines, one of them a megabyte long, cost no more than those in view")
    func cost() {
        let long = String(repeating: "x", count: 1 << 20)
        let source = Lines(lines: 0..<1_000_000) { $0 == 500_000 ? long : "line \($0)" }
        var state = LogViewState(follows: false, wraps: true)
        let clock = ContinuousClock()
        let time = clock.measure {
            state.jump(to: 500_000, in: layout(source, state, 80, 24))
            for _ in 0..<20 {
                state.scroll(by: 3, in: layout(source, state, 80, 24))
                _ = drawn(source, state, 80, 24)
            }
        }
        #expect(time < .seconds(5))
        #expect(drawn(source, state, 80, 24).last?.count == 80)
    }

    @Test("what is searched for is marked, and the line one is at differently")
    func marks() throws {
        let source = Lines(lines: 0..<3)
        var state = LogViewState(follows: false)
        state.jump(to: 1, in: layout(source, state))
        var canvas = Canvas(size: Size(width: 12, height: 3))
        LogView(source, state: state, search: try SearchPattern("line [12]")).draw(in: canvas.bounds, on: &canvas)
        #expect(canvas.roleText.contains("2:1-6 search.current \"line 1\""))
        #expect(canvas.roleText.contains("3:1-6 search.match \"line 2\""))
        #expect(!canvas.roleText.contains("1:1-6 search"))
    }

    @Test("a search grows with its log, goes round, and filters")
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
        let filtered = FilteredLog(source, search)
        #expect(filtered.lines == 0..<3)
        #expect(filtered.line(1).text == "line 25")
        #expect(filtered.original(1) == 25)
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
            #expect(throws: SearchError.self) { try SearchPattern(pattern) }
            return
        }
        #expect(try SearchPattern(pattern).ranges(in: text) == ranges)
        #expect(try SearchPattern(pattern).isFound(in: text) == (!ranges.isEmpty || pattern == "x*"))
    }

    @Test("an empty pattern is refused; history is walked both ways")
    func history() {
        #expect(throws: SearchError.self) { try SearchPattern("") }
        var history = SearchHistory(["a", "b"])
        history.add("a")
        #expect(history.entries == ["b", "a"])
        #expect(history.previous() == "a")
        #expect(history.previous() == "b")
        #expect(history.previous() == nil)
        #expect(history.next() == "a")
        #expect(history.next() == nil)
    }

    @Test("an empty log says so")
    func empty() {
        var canvas = Canvas(size: Size(width: 12, height: 2))
        let view = LogView(Lines(lines: 0..<0), state: LogViewState(), empty: StyledLine("no output", .textDim))
        view.draw(in: canvas.bounds, on: &canvas)
        #expect(canvas.rows[0] == "no output")
        #expect(view.counter(size: canvas.size) == "0/0")
        var state = LogViewState()
        state.scroll(by: -5, in: LogLayout(Lines(lines: 0..<0), size: canvas.size, wraps: true))
        #expect(
            state.shownTop(in: LogLayout(Lines(lines: 0..<0), size: canvas.size, wraps: true)) == LogPosition(line: 0))
    }
}
