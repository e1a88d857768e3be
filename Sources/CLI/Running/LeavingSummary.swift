import Console
import Lifecycle
import Reports

/// What is said on the normal screen when the console is left: how the last build ended, and what it made.
struct LeavingSummary {
    private let outcome: BuildOutcome?
    private let wasBuilding: Bool

    init(_ outcome: BuildOutcome?, wasBuilding: Bool = false) {
        self.outcome = outcome
        self.wasBuilding = wasBuilding
    }

    /// Some lines; empty where nothing was built.
    var text: String {
        if wasBuilding { return "the build was cancelled; the image and the cache have not changed" }
        switch outcome {
        case .finished(let report): return ClosingLines.text(for: report)
        case .failed(let failure):
            let advice = failure.advice.map { "\n  " + $0.split(separator: "\n").joined(separator: "\n  ") } ?? ""
            return CommandLineMask.own.masked("build failed: \(failure.summary)\(advice)")
        case .cancelled: return "the build was cancelled; the image and the cache have not changed"
        case .lost: return "the build stopped unexpectedly: see its log"
        case nil: return ""
        }
    }

    /// The build's exit code, where it is not 0.
    var exitCode: Int32? {
        if wasBuilding { return ExitCode.cancelled }
        switch outcome {
        case .failed(let failure): return failure.exitCode
        case .cancelled: return ExitCode.cancelled
        case .lost: return ExitCode.ruleBroken
        case .finished(let report): return report.exitCode == ExitCode.success ? nil : report.exitCode
        case nil: return nil
        }
    }
}
