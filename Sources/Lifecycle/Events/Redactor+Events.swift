import BuildpackAPI
import Diagnostics
import Files

/// Every text of an event, masked.
extension Redactor {
    /// The event with every secret masked.
    func redact(_ kind: LifecycleEvent.Kind) -> LifecycleEvent.Kind {
        switch kind {
        case .output(var output):
            output.text = redact(output.text)
            return .output(output)
        case .notice(let text): return .notice(redact(text))
        case .commandStarted(let id, let buildpack, let text):
            return .commandStarted(id: id, buildpack: buildpack, text: redactCommand(text))
        case .diagnostic(let diagnostic): return .diagnostic(redact(diagnostic))
        case .failed(let failure): return .failed(redact(failure))
        case .buildpackFinished(let phase, let id, let outcome, let reason):
            return .buildpackFinished(phase, id: id, outcome: outcome, reason: reason.map { redact($0) })
        case .planResolved(let plan): return .planResolved(redact(plan))
        case .layer(let change, let layer): return .layer(change, redact(layer))
        case .progress(let step, let done, let total):
            return .progress(step: redact(step), done: done, total: total)
        case .imageWritten(let place): return .imageWritten(place: redact(place))
        case .finished(let report): return .finished(redact(report))
        case .started(var start):
            start.image = redact(start.image)
            start.project = redact(start.project)
            return .started(start)
        case .phaseStarted, .phaseFinished, .buildpackStarted, .commandEnded, .cancelled: return kind
        }
    }

    /// The diagnostic with every secret masked.
    func redact(_ diagnostic: Diagnostic) -> Diagnostic {
        var result = diagnostic
        result.text = redact(diagnostic.text)
        result.file = diagnostic.file.map { redact($0) }
        result.advice = diagnostic.advice.map { redact($0) }
        return result
    }

    private func redact(_ failure: BuildFailure) -> BuildFailure {
        var result = failure
        result.message = redact(failure.message)
        result.file = failure.file.map { redact($0) }
        result.advice = failure.advice.map { redact($0) }
        result.choices = failure.choices.map { redact($0) }
        result.pathsToOpen = failure.pathsToOpen?.map { redact($0) }
        return result
    }

    private func redact(_ layer: LayerSummary) -> LayerSummary {
        var result = layer
        result.name = redact(layer.name)
        result.reason = layer.reason.map { redact($0) }
        return result
    }

    private func redact(_ report: BuildReport) -> BuildReport {
        var result = report
        result.places = report.places.map { redact($0) }
        result.layers = report.layers.map { redact($0) }
        result.runCommand = redact(report.runCommand)
        result.notLoaded = report.notLoaded.map { redact($0) }
        return result
    }

    private func redact(_ plan: ResolvedPlan) -> ResolvedPlan {
        var result = plan
        for entry in result.entries.indices {
            for index in result.entries[entry].requires.indices {
                result.entries[entry].requires[index].metadata =
                    result.entries[entry].requires[index].metadata.mapValues(redact)
            }
        }
        return result
    }

    private func redact(_ value: MetadataValue) -> MetadataValue {
        switch value {
        case .string(let text): .string(redact(text))
        case .array(let values): .array(values.map(redact))
        case .table(let table): .table(table.mapValues(redact))
        case .integer, .float, .boolean: value
        }
    }
}
