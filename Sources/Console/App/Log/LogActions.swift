import SystemPackage
import TerminalUI

/// What can be done with a log.
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
        KeyBinding(.log(.previousSection), ["{"], "the previous phase or command"),
        KeyBinding(.log(.timestamps), ["t"], "times: none, since the start, since the previous line"),
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

/// What comes back to a log.
enum LogMessage: Sendable {
    case search(SearchAction)
    case searchTyped(String), searchDone(String), searchLeft
    case filterTyped(String), filterDone(String), filterLeft
    case slide(ListAction)
    case leaveMode
    /// Time to look at more of it.
    case lookOn
}

extension LogHolder {
    /// Does what a key asks; `pager` is the user's pager on a file.
    mutating func perform(_ action: LogAction, pager: (FilePath) -> [String]) -> Outcome {
        switch action {
        case .follow: log.setFollows(!log.follows, in: text.lines)
        case .wrap:
            log.kept.wraps.toggle()
            return .batch(lookOn(), .send(.app(.savePreferences)))
        case .nextSection: return goToSection(forward: true)
        case .previousSection: return goToSection(forward: false)
        case .timestamps: log.kept.timestamps = log.kept.timestamps.next
        case .level: log.index.setLevel(log.index.level.next)
        case .fold: return toggleFold()
        case .foldAll: return foldAll()
        case .unfoldAll: log.index.setFolded([])
        case .range: return toggleRange()
        case .save:
            return .send(.app(.askToSave(name: Self.savedName, text: log.text(in: text.lines, all: true))))
        case .pager:
            guard let file = logFile else {
                return .problem("no file has this log; s saves what is shown")
            }
            let words = pager(FilePath(file))
            return .onTerminal("the pager") { InteractiveCommand(words) }
        }
        return lookOn()
    }

    mutating func receive(_ message: LogMessage) -> Outcome {
        switch message {
        case .search(let action): return search(action)
        case .searchTyped(let text): return search(text)
        case .searchDone(let text): return finishSearch(text)
        case .searchLeft: return leaveSearch()
        case .filterTyped(let text): return filter(text)
        case .filterDone(let text): return finishFilter(text)
        case .filterLeft: return leaveFilter()
        case .slide(let action):
            guard !log.kept.wraps else { return .say("lines are wrapped; w shows each in one row") }
            log.slide(action)
        case .leaveMode: return leaveLogMode()
        case .lookOn: return lookOn()
        }
        return .none
    }

    private mutating func search(_ action: SearchAction) -> Outcome {
        let focus = Outcome.focus(Self.place.pane, on: Self.place.screen)
        switch action {
        case .search:
            var prompt = Prompt("Search", help: "regular expression") { Self.message(.searchDone($0)) }
            prompt.history = log.kept.searchHistory
            prompt.check = { SearchPattern.problem(with: $0) }
            log.searchStart = log.cursor
            prompt.live = Prompt.Live(
                mark: "/", typed: { Self.message(.searchTyped($0)) }, left: Self.message(.searchLeft))
            return .batch(focus, .prompt(prompt))
        case .filter:
            let text = log.index.filter?.text ?? ""
            var prompt = Prompt("Filter", text: text, help: "Enter keeps, Esc shows all") {
                Self.message(.filterDone($0))
            }
            prompt.history = log.kept.filterHistory
            prompt.check = { SearchPattern.problem(with: $0) }
            prompt.live = Prompt.Live(
                mark: "&", typed: { Self.message(.filterTyped($0)) }, left: Self.message(.filterLeft))
            return .batch(focus, .prompt(prompt))
        case .next: return goToMatch(forward: true)
        case .previous: return goToMatch(forward: false)
        }
    }
}

extension LogHolder {
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
        log.advance(text)
        guard let line = log.takeFirstMatch() else { return false }
        unfold(around: line)
        log.go(to: line, in: text.lines)
        return true
    }

    func lookOnIfBehind() -> Outcome {
        log.isBehind ? .run(id: Self.lookingOn) { send in send(Self.message(.lookOn)) } : .none
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
        log.go(to: line, in: text.lines)
        let isRound = forward ? line <= cursor : line >= cursor
        return .say(Self.count(search, at: line) + (isRound ? "  (started over)" : ""))
    }

    // MARK: Sections

    mutating func goToSection(forward: Bool) -> Outcome {
        let headings = text.sections.map(\.heading)
        let cursor = log.cursor
        let line = forward ? headings.first { $0 > cursor } : headings.last { $0 < cursor }
        if let line { log.go(to: line, in: text.lines) }
        return .none
    }

    /// Folds the section around the cursor, or unfolds it.
    mutating func toggleFold() -> Outcome {
        guard let heading = text.sections.heading(around: log.cursor) else { return .none }
        log.index.setFolded(log.index.folded.symmetricDifference([heading]))
        log.advance(text)
        log.go(to: heading, in: text.lines)
        return lookOnIfBehind()
    }

    /// Folds every section; the cursor goes to the heading under which its line is now.
    mutating func foldAll() -> Outcome {
        log.index.setFolded(Set(text.sections.map(\.heading)))
        let cursor = log.cursor
        let around = text.sections.first { $0.heading <= cursor && cursor < $0.end ?? .max }
        log.advance(text)
        if let around, !log.follows { log.go(to: around.heading, in: text.lines) }
        return lookOnIfBehind()
    }

    mutating func unfold(around line: Int) {
        let hiding = text.sections.filter { $0.heading < line && line < $0.end ?? .max }.map(\.heading)
        log.index.setFolded(log.index.folded.subtracting(hiding))
        log.advance(text)
    }

    // MARK: Copying

    mutating func toggleRange() -> Outcome {
        guard log.rangeStart == nil else {
            log.rangeStart = nil
            return .none
        }
        log.setFollows(false, in: text.lines)
        log.rangeStart = log.cursor
        return .say("range: move, y copies, v ends it")
    }

    /// What is copied of the log; a marked range ends with it.
    mutating func copyLog(all: Bool) -> String {
        defer { log.rangeStart = nil }
        return log.text(in: text.lines, all: all)
    }
}
