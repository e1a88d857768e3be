import BuildpackAPI
import Diagnostics
import MixInspection
import Toolchains

/// Why a command of mix failed, in one line, with its place in the project and a cure if one is known.
///
/// The reason is the first of: what a compiler says of a line, dependencies that mix refuses, the last exception.
struct MixFailure {
    private let command: String
    private let outcome: MixRunner.Outcome
    private let project: MixProject
    private let packages: PackageManager

    init(_ command: String, _ outcome: MixRunner.Outcome, _ project: MixProject, _ packages: PackageManager) {
        self.command = command
        self.outcome = outcome
        self.project = project
        self.packages = packages
    }

    /// The failure as the build ends with it.
    var failure: Failure {
        let advice = cause?.advice ?? MixAdvice(outcome.output, project, packages, cause).text
        guard let cause else {
            return Failure(.commandFailed, "\(command) \(ending)", advice: advice ?? "see the output above")
        }
        return Failure(.commandFailed, cause.text, at: cause.place, advice: advice)
    }

    private var ending: String {
        switch outcome.end {
        case .exited(let status): "failed with status \(status)"
        case .signalled(9): "was killed (signal 9), as the system does if memory runs out"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }

    private var cause: Diagnostic? {
        strictWarning ?? outcome.firstError ?? refusedDependency ?? exception
            ?? outcome.diagnostics.first { $0.severity == .error }
    }

    /// The last exception, with a place that is known from the source if its stack has none.
    private var exception: Diagnostic? {
        guard var found = outcome.exception?.diagnostic else { return nil }
        guard found.file == nil else { return found }
        if let variable = project.variables.first(where: { $0.phase == .build && found.text.contains("\"\($0.name)\"") }
        ) {
            found.file = variable.file
            found.line = variable.line
        } else if let file = found.text.firstMatch(of: /"(config\/[^"]+)"/)?.1,
            let finding = project.findings.first(where: { $0.text.contains(" \(file)") })
        {
            found.file = finding.file
            found.line = finding.line
            found.advice = finding.advice
        }
        return found
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
