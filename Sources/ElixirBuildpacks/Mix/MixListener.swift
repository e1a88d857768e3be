import BuildpackAPI
import Commands
import MixInspection
import Synchronization

/// Takes the output of one command: hands it on, reads it, and keeps its end.
final class MixListener: Sendable {
    private struct State {
        var reader: MixOutputReader
        var tail = ""
        var closing = MixClosingWords()
    }

    private static let limit = 65_536
    private let state: Mutex<State>
    private let reporter: BuildpackReporter

    init(_ project: MixProject, workspace: String, _ reporter: BuildpackReporter) {
        state = Mutex(State(reader: MixOutputReader(project, workspace: workspace)))
        self.reporter = reporter
    }

    func take(_ output: CommandOutput) {
        let text = state.withLock { $0.closing.removed(from: output.text) }
        if !text.isEmpty { reporter(.output(text: text, isError: output.stream == .stderr)) }
        let facts = state.withLock { state in
            state.tail += output.text
            if state.tail.utf8.count > 2 * Self.limit { state.tail = String(state.tail.suffix(Self.limit)) }
            return state.reader.read(output.text)
        }
        for fact in facts {
            switch fact {
            case .diagnostic(let diagnostic): reporter(.diagnostic(diagnostic))
            case .progress(let step, let done, let total): reporter(.progress(step: step, done: done, total: total))
            }
        }
    }

    func outcome(_ end: Termination) -> MixRunner.Outcome {
        state.withLock { state in
            MixRunner.Outcome(end: end, output: state.tail, diagnostics: state.reader.diagnostics)
        }
    }
}
