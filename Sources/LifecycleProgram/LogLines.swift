import Diagnostics
import Lifecycle

/// A build's events as the lines that platforms and people know from the reference lifecycle.
struct LogLines: Sendable {
    let options: LogOptions

    func show(_ event: LifecycleEvent) {
        switch event.kind {
        case .phaseStarted(let phase): info("===> \(phase.heading)")
        case .planResolved(let plan): show(plan)
        case .output(let output): if options.level.shows(.info) { Output.write(output.text) }
        case .notice(let text): info(text)
        case .diagnostic(let diagnostic): show(diagnostic)
        case .layer(let change, let layer): show(change, layer)
        case .buildpackFinished(.detect, let id, let outcome, let reason):
            debug("\(outcome.rawValue): \(id)\(reason.map { ": " + $0 } ?? "")")
        case .imageWritten(let place): debug("wrote \(place)")
        case .finished(let report): show(report)
        case .failed(let failure): show(failure)
        case .cancelled: Output.error("ERROR: cancelled")
        case .started, .phaseFinished, .buildpackStarted, .buildpackFinished, .commandStarted, .commandEnded, .progress,
            .dependency:
            break
        }
    }

    func info(_ text: String) { if options.level.shows(.info) { Output.line(text) } }

    private func debug(_ text: String) { if options.level.shows(.debug) { Output.line(text) } }

    private func show(_ plan: ResolvedPlan) {
        let width = plan.group.map(\.id.count).max() ?? 0
        for buildpack in plan.group {
            let padding = String(repeating: " ", count: width - buildpack.id.count)
            info("\(buildpack.id)\(padding) \(buildpack.version ?? "")")
        }
    }

    private func show(_ diagnostic: Diagnostic) {
        guard options.level.shows(diagnostic.severity == .error ? .error : .warn) else { return }
        let advice = diagnostic.advice.map { "; \($0)" } ?? ""
        Output.error("\(diagnostic.severity == .error ? "ERROR" : "Warning"): \(diagnostic.text)\(advice)")
    }

    private func show(_ change: LayerChange, _ layer: LayerSummary) {
        // The run image's own layers are nobody's news.
        guard layer.buildpack != nil || !layer.types.isEmpty else { return }
        let name = (layer.buildpack.map { $0 + ":" } ?? "") + layer.name
        switch change {
        case .restored: info("Restoring \(layer.directory == nil ? "metadata" : "data") for \"\(name)\"")
        case .reused: info("Reusing layer '\(name)'")
        case .exported: info("Adding layer '\(name)'")
        case .cached: info("Adding cache layer '\(name)'")
        case .created, .growing: break
        }
    }

    private func show(_ report: BuildReport) {
        let digest = report.pushed?.first.map { "\($0.digest)" } ?? "\(report.imageID)"
        info("*** Images (\(digest)):")
        for pushed in report.pushed ?? [] { info("      \(pushed.reference)") }
        if report.pushed == nil { report.places.forEach { info("      \($0)") } }
    }

    private func show(_ failure: BuildFailure) {
        let what = failure.phase.map { "failed to \($0.rawValue): " } ?? ""
        let advice = failure.advice.map { "; \($0)" } ?? ""
        Output.error("ERROR: \(what)\(failure.summary)\(advice)")
    }
}
