import Diagnostics
import Lifecycle
import TerminalUI

/// Why a build did not end well, as its pane explains it: one error, a question, or that it was cancelled.
struct BuildStop: Sendable, Equatable {
    /// What the pane is called.
    var title: String
    var role = Role.stateFailed
    /// The place in the project that is at fault, if one is known.
    var place: FilePlace?
    /// The column in its line, from 1.
    var column: Int?
    /// What is wrong.
    var why: String
    /// What to try.
    var advice: String?
    /// The command that failed, and how it ended.
    var command: String?
    /// Which error it is, from 1, and how many there are; `nil` if it is the only one.
    var number: (Int, of: Int)?

    static func == (left: BuildStop, right: BuildStop) -> Bool {
        left.title == right.title && left.why == right.why && left.place == right.place
            && left.number?.0 == right.number?.0
    }
}

extension BuildScreenState {
    /// Why the build stopped; `nil` before its end, and if it ended well.
    var stop: BuildStop? {
        switch build.outcome {
        case nil: nil
        case .finished(let report)?:
            report.notTried.flatMap { $0.severity == .error ? BuildStop(notTried: $0) : nil }
        case .failed(let failure)?: stop(by: failure)
        case .cancelled?:
            BuildStop(
                title: "Cancelled" + phaseWords, role: .stateSkipped, why: "you cancelled the build",
                advice: "r builds again; what was compiled is kept. The previous image is unchanged.")
        case .lost?:
            BuildStop(
                title: "Stopped" + phaseWords, why: "the build ended without a result",
                advice: "r builds again. The previous image is unchanged.")
        }
    }

    private func stop(by failure: BuildFailure) -> BuildStop {
        if failure.asks {
            let names = failure.choices.isEmpty ? nil : "r asks again: \(failure.choices.joined(separator: ", "))"
            return BuildStop(
                title: "Asks" + phaseWords, role: .stateWarning, place: failure.filePlace, why: failure.message,
                advice: failure.advice ?? names ?? "r asks again")
        }
        let errors = build.problems.indices.filter { build.problems[$0].diagnostic.severity == .error }
        guard let index = errors.contains(problems.selection) ? problems.selection : errors.first else {
            return BuildStop(
                title: "Stopped" + phaseWords, place: failure.filePlace, why: failure.message, advice: failure.advice,
                command: failedCommandWords)
        }
        var stop = BuildStop(error: build.problems[index], otherwise: "Stopped" + phaseWords)
        let isAboutAll = failure.file == nil || errors.count == 1
        if isAboutAll || failure.repeats(build.problems[index].diagnostic) {
            stop.advice = stop.advice ?? failure.advice
        }
        stop.command = failedCommandWords
        if let place = errors.firstIndex(of: index), errors.count > 1 { stop.number = (place + 1, of: errors.count) }
        return stop
    }

    /// ` in build`.
    private var phaseWords: String {
        let phase: Phase? =
            if case .failed(let failure)? = build.outcome, let phase = failure.phase { phase } else {
                build.phases.last { $0.status != .waiting }?.phase
            }
        return phase.map { " in \($0.rawValue)" } ?? ""
    }

    private var failedCommandWords: String? {
        build.failedCommand.map { "\($0.text) → status \($0.status ?? 0)" }
    }
}

extension BuildStop {
    /// An error; without a place the phase is in the title.
    fileprivate init(error: BuildProblem, otherwise title: String) {
        let diagnostic = error.diagnostic
        let place = diagnostic.file.map { FilePlace(file: $0, line: diagnostic.line) }
        self.init(
            title: place.map { "Stopped: \($0.text)" } ?? title, place: place, column: diagnostic.column,
            why: diagnostic.text, advice: diagnostic.advice)
    }

    /// An image that was built and could not be tried.
    fileprivate init(notTried problem: Diagnostic) {
        let place = problem.file.map { FilePlace(file: $0, line: problem.line) }
        self.init(title: "Built, but not tried", place: place, why: problem.text, advice: problem.advice)
    }
}

extension FilePlace {
    /// `lib/shop.ex:7`.
    var text: String { file + (line.map { ":\($0)" } ?? "") }
}

extension BuildFailure {
    fileprivate var filePlace: FilePlace? { file.map { FilePlace(file: $0, line: line) } }
}
