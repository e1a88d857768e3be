import TerminalUI

/// A search in a list: it goes to rows that match, and stays until another one or Esc.
struct ListSearch: Sendable {
    let pane: Pane
    /// What was typed; `nil` while nothing is searched.
    var pattern: SearchPattern?
    /// The row where the search began.
    let start: Int

    /// The row to go to from another one, and which of how many it is.
    func match(in rows: [String], from row: Int, forward: Bool) -> (row: Int, number: Int, count: Int)? {
        guard let pattern else { return nil }
        let matches = rows.indices.filter { pattern.isFound(in: rows[$0]) }
        let next = forward ? matches.first { $0 > row } ?? matches.first : matches.last { $0 < row } ?? matches.last
        guard let next, let index = matches.firstIndex(of: next) else { return nil }
        return (next, index + 1, matches.count)
    }
}

/// What an answer to a prompt of a list's search is.
enum ListSearchMessage: Sendable {
    case typed(String)
    case done(String)
    case left
}

/// Searching: the log and the files by their screens, every list in the same way.
extension ConsoleUpdate {
    func perform(_ action: SearchAction, _ state: inout ConsoleState) -> Outcome {
        let pane = state.focusedPane
        // A list that has the keys is what is searched; the log and the files are searched from elsewhere, too.
        if pane.content.searched(state) == nil, let search = state.screen.search { return .send(search(action)) }
        if case .filter = action, let search = state.screen.search { return .send(search(action)) }
        guard pane.content.searched(state) != nil else { return .say("nothing to search here; Tab goes on") }
        switch action {
        case .search, .filter:
            state.listSearch = ListSearch(pane: pane, start: pane.content.cursorRow(state))
            var prompt = Prompt("Search", help: "regular expression") { .app(.listSearch(.done($0))) }
            prompt.check = { SearchPattern.problem(with: $0) }
            prompt.live = Prompt.Live(
                mark: "/", typed: { .app(.listSearch(.typed($0))) }, left: .app(.listSearch(.left)))
            return .prompt(prompt)
        case .next: return goToRow(&state, forward: true)
        case .previous: return goToRow(&state, forward: false)
        }
    }

    func receive(_ message: ListSearchMessage, _ state: inout ConsoleState) -> Outcome {
        guard let search = state.listSearch, let rows = search.pane.content.searched(state) else { return .none }
        let height = state.height(of: search.pane)
        switch message {
        case .typed(let text):
            guard SearchPattern.problem(with: text) == nil else {
                return .send(.app(.judgeTyped(problem: SearchPattern.problem(with: text))))
            }
            state.listSearch?.pattern = try? SearchPattern(text)
            let match = state.listSearch?.match(in: rows, from: search.start - 1, forward: true)
            search.pane.content.go(&state, to: match?.row ?? search.start, height: height)
            return .send(.app(.judgeTyped(problem: match == nil && !text.isEmpty ? "nothing found" : nil)))
        case .done(let text):
            guard !text.isEmpty else {
                state.listSearch = nil
                return .none
            }
            let row = search.pane.content.cursorRow(state)
            return .say(describe(search.match(in: rows, from: row - 1, forward: true), text))
        case .left:
            search.pane.content.go(&state, to: search.start, height: height)
            state.listSearch = nil
            return .none
        }
    }

    private func goToRow(_ state: inout ConsoleState, forward: Bool) -> Outcome {
        let pane = state.focusedPane
        guard let search = state.listSearch, search.pane == pane, let pattern = search.pattern,
            let rows = pane.content.searched(state)
        else { return .say("nothing is searched; / begins") }
        let match = search.match(in: rows, from: pane.content.cursorRow(state), forward: forward)
        if let match { pane.content.go(&state, to: match.row, height: state.height(of: pane)) }
        return .say(describe(match, pattern.text))
    }

    private func describe(_ match: (row: Int, number: Int, count: Int)?, _ text: String) -> String {
        "/\(text)  " + (match.map { "\($0.number) of \($0.count)" } ?? "nothing found")
    }
}
