import BuildpackAPI
import Diagnostics
import Files
import SecretSearch

/// Masks secret values in text before anyone sees it.
///
/// A value is masked wherever it stands, in every form that `SecretForm` names. Values under six bytes, and those that are
/// ordinary words, would mask ordinary text, so they are masked as whole arguments of commands only.
package struct Redactor: Sendable {
    private let masking: SecretMasking
    private let shortValues: [String: String]
    private let hasForms: Bool

    /// What stands in a secret's place.
    package static func mask(_ name: String) -> String { "[\(name)]" }

    /// Creates a redactor for these secrets, by name.
    /// - Parameter words: the names of those whose values are ordinary words.
    package init(secrets: [String: String], words: Set<String> = []) {
        masking = SecretMasking(secrets: secrets.filter { !words.contains($0.key) }, mask: Self.mask)
        let short = secrets.filter {
            !$0.value.isEmpty && ($0.value.utf8.count < SecretForms.shortestValue || words.contains($0.key))
        }
        hasForms = secrets.count > short.count
        shortValues = Dictionary(short.map { ($0.value, Self.mask($0.key)) }, uniquingKeysWith: { min($0, $1) })
    }

    package func redact(_ text: String) -> String { masking.masked(text) }

    /// `holdsSecret`; `nil` where there is no value to look for.
    var secretTest: (@Sendable (String) -> Bool)? {
        guard hasForms else { return nil }
        return { [masking] in masking.masked($0) != $0 }
    }

    /// Whether a text holds a secret's value in any form.
    var holdsSecret: @Sendable (String) -> Bool { secretTest ?? { _ in false } }

    /// Masks a text that comes in pieces.
    var stream: StreamMasking { StreamMasking(masking) }

    /// A command's text with every secret masked, short ones too where they are whole words.
    package func redactCommand(_ text: String) -> String {
        let masked = redact(text)
        guard !shortValues.isEmpty else { return masked }
        return masked.split(separator: " ", omittingEmptySubsequences: false)
            .map { shortValues[String($0)] ?? String($0) }
            .joined(separator: " ")
    }

    /// Bytes of a text file, such as JSON, with every secret masked.
    func redact(_ bytes: [UInt8]) -> [UInt8] { Array(redact(String(decoding: bytes, as: UTF8.self)).utf8) }
}

/// Every text of an event, masked.
extension Redactor {
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
        case .dependency(var step):
            step.name = redact(step.name)
            return .dependency(step)
        case .imageWritten(let place): return .imageWritten(place: redact(place))
        case .finished(let report): return .finished(redact(report))
        case .started(var start):
            start.image = redact(start.image)
            start.project = redact(start.project)
            return .started(start)
        case .phaseStarted, .phaseFinished, .buildpackStarted, .commandEnded, .cancelled: return kind
        }
    }

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
        result.pushed = report.pushed?.map { pushed in
            var pushed = pushed
            pushed.place = redact(pushed.place)
            pushed.reference = redact(pushed.reference)
            return pushed
        }
        result.layers = report.layers.map { redact($0) }
        result.runCommand = redact(report.runCommand)
        result.notLoaded = report.notLoaded.map { redact($0) }
        result.notTried = report.notTried.map { redact($0) }
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
