import SystemPackage
import TerminalUI

extension BuildScreen {
    /// What can be done with the log.
    enum LogAction: String, Sendable, CaseIterable {
        case follow = "log.follow"
        case wrap = "log.wrap"
        case nextSection = "log.next-section"
        case previousSection = "log.previous-section"
        case timestamps = "log.timestamps"
        case level = "log.level"
        case fold = "log.fold"
        case foldAll = "log.fold-all"
        case unfoldAll = "log.unfold-all"
        case range
        case save = "log.save"
        case pager = "log.pager"

        static let keys: [KeyBinding] = [
            KeyBinding(.log(.follow), ["f"], hint: "follow", "follow the end of the log, or not"),
            KeyBinding(.log(.wrap), ["w"], hint: "wrap", "wrap long lines, or not"),
            KeyBinding(.log(.nextSection), ["}"], "the next phase or command"),
            KeyBinding(.log(.previousSection), ["{"], "the phase or command before"),
            KeyBinding(.log(.timestamps), ["t"], "times: none, since the start, since the line before"),
            KeyBinding(.log(.level), ["L"], "lines: all, notices, problems"),
            KeyBinding(.log(.fold), ["Space"], "fold the phase or command, or unfold it"),
            KeyBinding(.log(.foldAll), ["-"], "fold all phases and commands"),
            KeyBinding(.log(.unfoldAll), ["="], "unfold all"),
            KeyBinding(.log(.range), ["v"], "mark a range of lines"),
            KeyBinding(
                .log(.save), ["s"], hint: "save", "save what the log shows to a file",
                flag: "mixpack build --ui plain IMAGE > FILE"),
            KeyBinding(.log(.pager), ["o"], "open the whole log in your pager", flag: "$PAGER LOG"),
        ]
    }

    func perform(_ action: LogAction, _ state: inout BuildScreenState) -> Outcome {
        switch action {
        case .follow: state.log.setFollows(!state.log.follows, in: state.build.log)
        case .wrap:
            state.log.kept.wraps.toggle()
            return .batch(state.lookOn(), .send(.app(.savePreferences)))
        case .nextSection: return state.goToSection(forward: true)
        case .previousSection: return state.goToSection(forward: false)
        case .timestamps: state.log.kept.timestamps = state.log.kept.timestamps.next
        case .level: state.log.index.setLevel(state.log.index.level.next)
        case .fold: return state.toggleFold()
        case .foldAll: return state.foldAll()
        case .unfoldAll: state.log.index.setFolded([])
        case .range: return state.toggleRange()
        case .save:
            return .send(
                .app(.askToSave(name: "mixpack-build.log", text: state.log.text(in: state.build.log, all: true))))
        case .pager:
            guard let file = state.build.start?.logFile else {
                return .problem("this build keeps no log file; s saves what is shown")
            }
            let words = client.pagerCommand(FilePath(file))
            return .onTerminal("the pager") { InteractiveCommand(words) }
        }
        return state.lookOn()
    }

    func search(_ action: SearchAction, _ state: inout BuildScreenState) -> Outcome {
        switch action {
        case .search:
            var prompt = Prompt("Search", help: "regular expression") { .build(.searchDone($0)) }
            prompt.history = state.log.kept.searchHistory
            prompt.check = { SearchPattern.problem(with: $0) }
            state.log.searchStart = state.log.cursor
            prompt.live = Prompt.Live(mark: "/", typed: { .build(.searchTyped($0)) }, left: .build(.searchLeft))
            return .batch(.focus(.log, on: .build), .prompt(prompt))
        case .filter:
            let text = state.log.index.filter?.text ?? ""
            var prompt = Prompt("Filter", text: text, help: "Enter keeps, Esc shows all") { .build(.filterDone($0)) }
            prompt.history = state.log.kept.filterHistory
            prompt.check = { SearchPattern.problem(with: $0) }
            prompt.live = Prompt.Live(mark: "&", typed: { .build(.filterTyped($0)) }, left: .build(.filterLeft))
            return .batch(.focus(.log, on: .build), .prompt(prompt))
        case .next: return state.goToMatch(forward: true)
        case .previous: return state.goToMatch(forward: false)
        }
    }
}

extension BuildScreenState {
    /// Looks at more of the log; says so once it has found what is searched.
    mutating func lookOn() -> Outcome {
        let wasSought = log.soughtFrom != nil
        let isFound = advanceLog()
        guard let search = log.search, wasSought, isFound || log.soughtFrom == nil else { return lookOnIfBehind() }
        let problem = search.matches.isEmpty ? "nothing found" : nil
        return .batch(
            .send(.app(.judgeTyped(problem: problem))), .say(Self.count(search, at: log.cursor)), lookOnIfBehind())
    }

    /// Looks at new lines, and goes to the first match of a search; gives whether there was one.
    @discardableResult
    mutating func advanceLog() -> Bool {
        log.advance(build)
        guard let line = log.takeFirstMatch() else { return false }
        unfold(around: line)
        log.go(to: line, in: build.log)
        return true
    }

    func lookOnIfBehind() -> Outcome {
        log.isBehind ? .run(id: "look-on") { send in send(.build(.lookOn)) } : .none
    }

    // MARK: Search and filter

    /// Searches as one types; a bad pattern keeps the matches of the one before.
    mutating func search(_ text: String) -> Outcome {
        guard !text.isEmpty else {
            log.seek(nil)
            return lookOnIfBehind()
        }
        do {
            log.seek(LogSearch(try SearchPattern(text)))
            advanceLog()
            let isNowhere = log.search?.matches.isEmpty == true && !log.isBehind
            let problem = isNowhere ? "nothing found" : nil
            return .batch(.send(.app(.judgeTyped(problem: problem))), lookOnIfBehind())
        } catch {
            return .batch(.send(.app(.judgeTyped(problem: error.message))), lookOnIfBehind())
        }
    }

    mutating func finishSearch(_ text: String) -> Outcome {
        guard !text.isEmpty else { return .none }
        log.kept.searchHistory.add(text)
        log.searchStart = nil
        guard let search = log.search else { return .none }
        guard log.soughtFrom == nil else { return .batch(.say("/\(text)  searching…"), lookOnIfBehind()) }
        return .batch(.say(Self.count(search, at: log.cursor)), lookOnIfBehind())
    }

    mutating func leaveSearch() -> Outcome {
        log.searchStart = nil
        log.seek(nil)
        return lookOn()
    }

    mutating func filter(_ text: String) -> Outcome {
        do {
            log.index.setFilter(text.isEmpty ? nil : try SearchPattern(text))
            return lookOn()
        } catch {
            return .batch(.send(.app(.judgeTyped(problem: error.message))), lookOnIfBehind())
        }
    }

    mutating func finishFilter(_ text: String) -> Outcome {
        if !text.isEmpty { log.kept.filterHistory.add(text) }
        return lookOn()
    }

    mutating func leaveFilter() -> Outcome {
        log.index.setFilter(nil)
        return lookOn()
    }

    /// Leaves the nearest of what the log is in: a range, a search, a filter.
    mutating func leaveLogMode() -> Outcome {
        if log.rangeStart != nil {
            log.rangeStart = nil
        } else if log.search != nil {
            log.seek(nil)
        } else {
            log.index.setFilter(nil)
        }
        return lookOn()
    }

    /// `/warning  3 of 9`.
    private static func count(_ search: LogSearch, at line: Int) -> String {
        "/\(search.pattern.text)  \(search.matches.isEmpty ? "nothing found" : search.counter(at: line))"
    }

    mutating func goToMatch(forward: Bool) -> Outcome {
        guard let search = log.search else { return .say("nothing is searched; / begins") }
        let cursor = log.cursor
        guard let line = search.next(from: cursor, backwards: !forward) else {
            return .say(Self.count(search, at: cursor))
        }
        unfold(around: line)
        log.go(to: line, in: build.log)
        let isRound = forward ? line <= cursor : line >= cursor
        return .say(Self.count(search, at: line) + (isRound ? "  (started over)" : ""))
    }

    // MARK: Problems and sections

    /// Goes to the next error, or if there is none to the next warning.
    mutating func goToProblem(forward: Bool) -> Outcome {
        let all = build.problems
        let errors = all.indices.filter { all[$0].diagnostic.severity == .error }
        let candidates = errors.isEmpty ? Array(all.indices) : errors
        let found =
            forward
            ? candidates.first { all[$0].line > log.cursor } ?? candidates.first
            : candidates.last { all[$0].line < log.cursor } ?? candidates.last
        guard let found else { return .say("no errors and no warnings") }
        problems.select(found, count: all.count, height: all.count)
        return goToSelectedProblem()
    }

    /// Shows the error that a build stopped at first, in the log too if that still follows the end.
    mutating func goToFirstError() {
        guard case .failed? = build.outcome,
            let first = build.problems.firstIndex(where: { $0.diagnostic.severity == .error })
        else { return }
        problems.select(first, count: build.problems.count, height: build.problems.count)
        if log.follows { log.go(to: build.problems[first].line, in: build.log) }
    }

    mutating func goToSelectedProblem() -> Outcome {
        guard let problem = selectedProblem else { return .none }
        unfold(around: problem.line)
        log.go(to: problem.line, in: build.log)
        return .say("\(problem.diagnostic.severity.rawValue) \(problems.selection + 1) of \(build.problems.count)")
    }

    mutating func goToSection(forward: Bool) -> Outcome {
        let headings = build.sections.map(\.heading)
        let cursor = log.cursor
        let line = forward ? headings.first { $0 > cursor } : headings.last { $0 < cursor }
        if let line { log.go(to: line, in: build.log) }
        return .none
    }

    /// Folds the section around the cursor, or unfolds it.
    mutating func toggleFold() -> Outcome {
        guard let heading = build.heading(around: log.cursor) else { return .none }
        log.index.setFolded(log.index.folded.symmetricDifference([heading]))
        log.advance(build)
        log.go(to: heading, in: build.log)
        return lookOnIfBehind()
    }

    /// Folds every section; the cursor goes to the heading under which its line is now.
    mutating func foldAll() -> Outcome {
        log.index.setFolded(Set(build.sections.map(\.heading)))
        let cursor = log.cursor
        let around = build.sections.first { $0.heading <= cursor && cursor < $0.end ?? .max }
        log.advance(build)
        if let around, !log.follows { log.go(to: around.heading, in: build.log) }
        return lookOnIfBehind()
    }

    private mutating func unfold(around line: Int) {
        let hiding = build.sections.filter { $0.heading < line && line < $0.end ?? .max }.map(\.heading)
        log.index.setFolded(log.index.folded.subtracting(hiding))
        log.advance(build)
    }

    // MARK: Copying

    mutating func toggleRange() -> Outcome {
        guard log.rangeStart == nil else {
            log.rangeStart = nil
            return .none
        }
        log.setFollows(false, in: build.log)
        log.rangeStart = log.cursor
        return .say("range: move, y copies, v ends it")
    }

    /// What is copied of the log; a marked range ends with it.
    mutating func copyLog(all: Bool) -> String {
        defer { log.rangeStart = nil }
        return log.text(in: build.log, all: all)
    }
}
