import BuildpackAPI
import Diagnostics
import Synchronization

/// Keeps the diagnostics that a buildpack reports, secrets masked, so that an unchanged build can tell them again.
final class DiagnosticCollector: Sendable {
    private let redactor: Redactor
    private let kept = Mutex<[Diagnostic]>([])

    init(redactor: Redactor) { self.redactor = redactor }

    func add(_ report: BuildpackReport) {
        guard case .diagnostic(let diagnostic) = report else { return }
        let masked = redactor.redact(diagnostic)
        kept.withLock { $0.append(masked) }
    }

    var diagnostics: [Diagnostic] { kept.withLock { $0 } }
}
