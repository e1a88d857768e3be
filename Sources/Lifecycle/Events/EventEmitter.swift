import BuildpackAPI
import Synchronization

/// Sends the events of one build: stamped with the time, secrets masked, terminal event last and once.
final class EventEmitter: Sendable {
    /// What masks secrets; for what is kept as well.
    let redactor: Redactor
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
        let event = LifecycleEvent(at: elapsed, redactor.redact(kind))
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
            case .dependency(let step): self(.dependency(step))
            case .layerGrowing(let name, let bytes, let files):
                let layer = LayerSummary(buildpack: buildpack, name: name, types: [], size: bytes, files: files)
                self(.layer(.growing, layer))
            }
        }
    }
}
