import BuildpackAPI
import Synchronization

/// Sends the events of one build: stamped with the time, secrets masked, terminal event last and once.
final class EventEmitter: Sendable {
    private let redactor: Redactor
    private let now: @Sendable () -> Double
    private let start: Double
    private let sink: @Sendable (LifecycleEvent) -> Void
    private let isOver = Mutex(false)

    init(redactor: Redactor, now: @escaping @Sendable () -> Double, sink: @escaping @Sendable (LifecycleEvent) -> Void)
    {
        self.redactor = redactor
        self.now = now
        self.start = now()
        self.sink = sink
    }

    /// Seconds since the build began.
    var elapsed: Double { now() - start }

    /// Sends one event; what comes after the terminal one is dropped.
    func callAsFunction(_ kind: LifecycleEvent.Kind) {
        let event = LifecycleEvent(at: elapsed, redacted(kind))
        isOver.withLock { isOver in
            guard !isOver else { return }
            isOver = event.isTerminal
            sink(event)
        }
    }

    /// A reporter for one buildpack, whose reports become events.
    func reporter(for buildpack: String) -> BuildpackReporter {
        let commands = Mutex<Int?>(nil)
        return BuildpackReporter { report in
            switch report {
            case .commandStarted(let id, let text):
                commands.withLock { $0 = id }
                self(.commandStarted(id: id, buildpack: buildpack, text: text))
            case .commandEnded(let id, let status, let seconds):
                commands.withLock { $0 = nil }
                self(.commandEnded(id: id, status: status, seconds: seconds))
            case .output(let text, let isError):
                let command = commands.withLock { $0 }
                self(.output(Output(buildpack: buildpack, command: command, isError: isError, text: text)))
            case .notice(let text): self(.notice(text))
            case .diagnostic(let diagnostic): self(.diagnostic(diagnostic))
            case .progress(let step, let done, let total): self(.progress(step: step, done: done, total: total))
            case .layerGrowing(let name, let bytes, let files):
                let layer = LayerSummary(buildpack: buildpack, name: name, types: [], size: bytes, files: files)
                self(.layer(LayerChange(.growing, layer)))
            }
        }
    }

    private func redacted(_ kind: LifecycleEvent.Kind) -> LifecycleEvent.Kind {
        switch kind {
        case .output(var output):
            output.text = redactor.redact(output.text)
            return .output(output)
        case .notice(let text): return .notice(redactor.redact(text))
        case .commandStarted(let id, let buildpack, let text):
            return .commandStarted(id: id, buildpack: buildpack, text: redactor.redactCommand(text))
        case .diagnostic(let diagnostic): return .diagnostic(redactor.redact(diagnostic))
        case .failed(var failure):
            failure.message = redactor.redact(failure.message)
            failure.advice = failure.advice.map(redactor.redact)
            return .failed(failure)
        case .buildpackFinished(let phase, let id, let outcome, let reason):
            return .buildpackFinished(phase, id: id, outcome: outcome, reason: reason.map(redactor.redact))
        case .planResolved(let plan): return .planResolved(plan)
        default: return kind
        }
    }
}

extension Redactor {
    /// The diagnostic with every secret masked.
    func redact(_ diagnostic: Diagnostic) -> Diagnostic {
        var result = diagnostic
        result.text = redact(diagnostic.text)
        result.advice = diagnostic.advice.map(redact)
        return result
    }
}
