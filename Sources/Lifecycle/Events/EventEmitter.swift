import BuildpackAPI
import SecretSearch
import Synchronization

/// Sends the events of one build: stamped with the time, secrets masked, terminal event last and once.
final class EventEmitter: Sendable {
    /// What masks secrets; for what is kept as well.
    var redactor: Redactor { masking.withLock { $0 } }
    private let masking: Mutex<Redactor>
    private let now: @Sendable () -> Double
    private let start: Double
    private let sink: @Sendable (LifecycleEvent) -> Void
    private let state: Mutex<State>

    private struct State {
        var isOver = false
        /// What masks the output of the commands that run, by where it comes from.
        var streams: [OutputOrigin: StreamMasking] = [:]
    }

    /// What one command of a buildpack writes.
    private struct OutputOrigin: Hashable {
        var buildpack: String?
        var command: Int
        var isError: Bool
    }

    init(redactor: Redactor, now: @escaping @Sendable () -> Double, sink: @escaping @Sendable (LifecycleEvent) -> Void)
    {
        masking = Mutex(redactor)
        self.now = now
        self.start = now()
        self.sink = sink
        state = Mutex(State())
    }

    /// Masks by another redactor from now on.
    func mask(by redactor: Redactor) { masking.withLock { $0 = redactor } }

    /// Seconds since the build began.
    var elapsed: Double { now() - start }

    /// Sends one event; what comes after the terminal one is dropped.
    func callAsFunction(_ kind: LifecycleEvent.Kind) {
        state.withLock { state in
            switch kind {
            case .output(let output): return send(masked(output, &state), &state)
            case .commandEnded(let id, _, _): finish(&state) { $0.command == id }
            case .failed, .finished, .cancelled: finish(&state) { _ in true }
            case .started, .phaseStarted, .phaseFinished, .planResolved, .buildpackStarted, .buildpackFinished,
                .commandStarted, .notice, .diagnostic, .layer, .progress, .dependency, .imageWritten:
                break
            }
            send(redactor.redact(kind), &state)
        }
    }

    private func send(_ kind: LifecycleEvent.Kind?, _ state: inout State) {
        guard let kind, !state.isOver else { return }
        let event = LifecycleEvent(at: elapsed, kind)
        state.isOver = event.isTerminal
        sink(event)
    }

    /// What can be said of a command's output so far; `nil` if that is nothing yet.
    private func masked(_ output: Output, _ state: inout State) -> LifecycleEvent.Kind? {
        guard let command = output.command else { return redactor.redact(.output(output)) }
        let origin = OutputOrigin(buildpack: output.buildpack, command: command, isError: output.isError)
        var said = output
        said.text = state.streams[origin, default: redactor.stream].masked(output.text)
        return said.text.isEmpty ? nil : .output(said)
    }

    /// Sends what was held back.
    private func finish(_ state: inout State, _ isOver: (OutputOrigin) -> Bool) {
        for origin in state.streams.keys.filter(isOver) {
            guard var stream = state.streams.removeValue(forKey: origin) else { continue }
            let text = stream.finish()
            guard !text.isEmpty else { continue }
            let output = Output(
                buildpack: origin.buildpack, command: origin.command, isError: origin.isError, text: text)
            send(.output(output), &state)
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
