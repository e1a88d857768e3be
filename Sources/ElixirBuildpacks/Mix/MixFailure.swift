import BuildpackAPI
import Diagnostics
import MixInspection

/// Why a command of mix failed, in one line, with its place in the project and a cure if one is known.
///
/// The reason is the first of: what a compiler says of a line, dependencies that mix refuses, the last exception.
struct MixFailure {
    let command: String
    let outcome: MixRunner.Outcome
    let project: MixProject

    /// The failure as the build ends with it.
    var failure: Failure {
        guard let cause else {
            return Failure(
                .commandFailed, "\(command) \(ending)", advice: MixAdvice(outcome, project).text ?? Self.lookAbove)
        }
        return Failure(
            .commandFailed, cause.text, at: cause.place, advice: cause.advice ?? MixAdvice(outcome, project, cause).text
        )
    }

    static let lookAbove = "see the output above"

    private var ending: String {
        switch outcome.end {
        case .exited(let status): "failed with status \(status)"
        case .signalled(9): "was killed (signal 9), as the system does if memory runs out"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }

    private var cause: Diagnostic? {
        strictWarning ?? outcome.firstError ?? refusedDependency ?? outcome.exception?.diagnostic
            ?? outcome.diagnostics.first { $0.severity == .error }
    }

    /// A warning that the project counts as an error.
    private var strictWarning: Diagnostic? {
        guard outcome.output.contains("--warnings-as-errors"), outcome.firstError == nil,
            var warning = outcome.diagnostics.first(where: { $0.severity == .warning && $0.line != nil })
        else { return nil }
        warning.severity = .error
        warning.advice =
            "the project compiles with warnings_as_errors: mend the warning, or remove that option for prod"
        return warning
    }

    /// `* NAME (SOURCE)` and the lines below it, as mix lists dependencies before it gives up.
    private var refusedDependency: Diagnostic? {
        guard outcome.exception?.text.contains("errors on dependencies") == true,
            let entry = outcome.output.matches(of: /(?m)^\* ([a-z0-9_]+) \(.*\)\n((?:(?:  .*)?\n)+)/).last
        else { return nil }
        let lines = entry.2.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        let words = lines.prefix(6).joined(separator: " ").prefix(300)
        return Diagnostic(
            .error, "dependency \(entry.1): \(words)", file: "mix.exs", advice: Self.cure(ofDependency: words, entry.1))
    }

    private static func cure(ofDependency words: Substring, _ name: Substring) -> String? {
        let differs = ["does not match the requirement", "different specs", "overriding a child", "override: true"]
        if differs.contains(where: words.contains) {
            return "make the requirements agree, or add override: true to :\(name) in mix.exs"
        }
        if words.contains("lock") { return "run mix deps.get in the project and commit mix.lock" }
        if words.contains("not available") {
            return "run mix deps.get in the project, and see that :\(name) is for prod"
        }
        return nil
    }
}

extension MixRunner.Outcome {
    /// The first error that a compiler reports with a line.
    fileprivate var firstError: Diagnostic? { diagnostics.first { $0.severity == .error && $0.line != nil } }
}
