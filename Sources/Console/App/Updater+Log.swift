import TerminalUI

extension Updater {
    func askForSearch(_ state: inout State) -> Effects {
        if state.screen == .image { return askForFilter(&state) }
        guard state.screen == .build else { return say(&state, "/ searches the log on Build and the files on Image") }
        state.focus[.build] = .log
        return ask(
            &state,
            Prompt(
                .search, title: "Search", help: "regular expression",
                history: state.build.log.searchHistory))
    }

    func askForFilter(_ state: inout State) -> Effects {
        if state.screen == .image {
            state.focus[.image] = .files
            let text = state.image.files.filter?.text ?? ""
            return ask(&state, Prompt(.filter, title: "Filter", text: text, help: "regular expression over paths"))
        }
        guard state.screen == .build else { return say(&state, "& filters the log and the files") }
        state.focus[.build] = .log
        return ask(
            &state,
            Prompt(
                .filter, title: "Filter", text: state.build.log.index.filter?.text ?? "",
                help: "Enter keeps, Esc shows all", history: state.build.log.filterHistory))
    }

    /// Searches as one types; gives what is wrong with the pattern, and keeps the matches of the one before then.
    func search(_ state: inout State, _ text: String) -> String? {
        guard !text.isEmpty else {
            state.build.log.search = nil
            return nil
        }
        do {
            var search = LogSearch(try SearchPattern(text))
            let isDone = search.extend(over: state.build.build.log, limit: LogPane.budget)
            state.build.log.search = search
            if let line = search.next(from: state.build.log.cursor - 1) {
                state.build.log.go(to: line, in: state.build.build.log)
            }
            state.build.log.advance(state.build.build)
            return search.matches.isEmpty && isDone ? "nothing found" : nil
        } catch {
            return error.message
        }
    }

    func filter(_ state: inout State, _ text: String) -> String? {
        do {
            let pattern = text.isEmpty ? nil : try SearchPattern(text)
            if state.screen == .image {
                state.image.files.setFilter(pattern)
                return state.image.files.rows.isEmpty ? "no such file" : nil
            }
            state.build.log.index.setFilter(pattern)
            state.build.log.advance(state.build.build)
            return nil
        } catch {
            return error.message
        }
    }

    func finishSearch(_ state: inout State, _ text: String) -> Effects {
        guard !text.isEmpty else { return .none }
        state.build.log.searchHistory.add(text)
        guard let search = state.build.log.search else { return .none }
        return .batch(say(&state, Self.count(search, at: state.build.log.cursor)), lookOnIfBehind(state))
    }

    func finishFilter(_ state: inout State, _ text: String) -> Effects {
        if !text.isEmpty { state.build.log.filterHistory.add(text) }
        return lookOn(&state)
    }

    /// `/warning  3 of 9`.
    private static func count(_ search: LogSearch, at line: Int) -> String {
        search.matches.isEmpty
            ? "/\(search.pattern.text)  nothing found" : "/\(search.pattern.text)  \(search.counter(at: line))"
    }

    func goToMatch(_ state: inout State, forward: Bool) -> Effects {
        guard let search = state.build.log.search else { return say(&state, "nothing is searched; / begins") }
        let cursor = state.build.log.cursor
        guard let line = search.next(from: cursor, backwards: !forward) else {
            return say(&state, Self.count(search, at: cursor))
        }
        unfold(around: line, &state)
        state.build.log.go(to: line, in: state.build.build.log)
        let isRound = forward ? line <= cursor : line >= cursor
        return say(&state, Self.count(search, at: line) + (isRound ? "  (began anew)" : ""))
    }

    /// The next error, or where there is none the next warning.
    func goToProblem(_ state: inout State, forward: Bool) -> Effects {
        let problems = state.build.build.problems
        let errors = problems.indices.filter { problems[$0].diagnostic.severity == .error }
        let candidates = errors.isEmpty ? Array(problems.indices) : errors
        let cursor = state.build.log.cursor
        let found =
            forward
            ? candidates.first { problems[$0].line > cursor } ?? candidates.first
            : candidates.last { problems[$0].line < cursor } ?? candidates.last
        guard let found else { return say(&state, "no errors and no warnings") }
        state.build.problems.select(found, count: problems.count, height: 4)
        return goToSelectedProblem(&state)
    }

    func goToSelectedProblem(_ state: inout State) -> Effects {
        let problems = state.build.build.problems
        guard problems.indices.contains(state.build.problems.selection) else { return .none }
        let problem = problems[state.build.problems.selection]
        unfold(around: problem.line, &state)
        state.build.log.go(to: problem.line, in: state.build.build.log)
        let advice = problem.diagnostic.advice.map { ": \($0)" } ?? ""
        let number = "\(state.build.problems.selection + 1) of \(problems.count)"
        return say(&state, "\(problem.diagnostic.severity.rawValue) \(number)\(advice)")
    }

    func goToSection(_ state: inout State, forward: Bool) -> Effects {
        let headings = state.build.build.sections.map(\.heading)
        let cursor = state.build.log.cursor
        guard let line = forward ? headings.first(where: { $0 > cursor }) : headings.last(where: { $0 < cursor }) else {
            return .none
        }
        state.build.log.go(to: line, in: state.build.build.log)
        return .none
    }

    /// Folds the section around the cursor, or unfolds it.
    func fold(_ state: inout State) -> Effects {
        guard let heading = state.build.build.heading(around: state.build.log.cursor) else { return .none }
        var folded = state.build.log.index.folded
        if folded.remove(heading) == nil { folded.insert(heading) }
        state.build.log.index.setFolded(folded)
        state.build.log.advance(state.build.build)
        state.build.log.go(to: heading, in: state.build.build.log)
        return lookOnIfBehind(state)
    }

    private func unfold(around line: Int, _ state: inout State) {
        let hiding = state.build.build.sections.filter { $0.heading < line && line < $0.end ?? .max }.map(\.heading)
        state.build.log.index.setFolded(state.build.log.index.folded.subtracting(hiding))
        state.build.log.advance(state.build.build)
    }

    func range(_ state: inout State) -> Effects {
        guard state.focusedPane == .log else { return .none }
        let log = state.build.log
        state.build.log.rangeStart = log.rangeStart == nil ? log.cursor : nil
        if state.build.log.rangeStart != nil { state.build.log.setFollows(false, in: state.build.build.log) }
        return state.build.log.rangeStart == nil ? .none : say(&state, "range: move, y copies, v ends it")
    }
}

extension LogPane {
    mutating func nextTimestamps() {
        let all = Timestamps.allCases
        let index = all.firstIndex(of: timestamps) ?? 0
        timestamps = all[(index + 1) % all.count]
    }

    /// The text of the marked lines, the line under the cursor, or all that is shown.
    func text(in store: LogStore, all: Bool) -> String {
        let count = index.count(in: store)
        var positions = 0..<count
        if !all {
            let here = index.position(of: cursor, in: store)
            let start = rangeStart.map { index.position(of: $0, in: store) } ?? here
            positions = min(start, here)..<min(count, max(start, here) + 1)
        }
        var lines: [String] = []
        for position in positions {
            guard let number = index.line(at: position, in: store), let line = store.kept(number) else { continue }
            lines.append(line.text)
        }
        return lines.joined(separator: "\n") + (lines.count > 1 ? "\n" : "")
    }
}
