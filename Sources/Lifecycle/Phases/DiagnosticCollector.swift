import BuildpackAPI
import Synchronization

/// Keeps the diagnostics that a buildpack reports, so that an unchanged build can tell them again.
final class DiagnosticCollector: Sendable {
    private let kept = Mutex<[Diagnostic]>([])

    func add(_ report: BuildpackReport) {
        guard case .diagnostic(let diagnostic) = report else { return }
        kept.withLock { $0.append(diagnostic) }
    }

    var diagnostics: [Diagnostic] { kept.withLock { $0 } }
}
