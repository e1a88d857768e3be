import TerminalUI

extension BuildScreenState: LogHolder {
    static let savedName = "mixpack-build.log"
    static let place = (pane: Pane.log, screen: Screen.build)
    static let lookingOn: EffectID = "look-on"

    static func message(_ message: LogMessage) -> ConsoleMessage { .build(.log(message)) }

    var text: LogText { LogText(lines: build.log, sections: build.sections) }
    var logFile: String? { build.start?.logFile }

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
}
