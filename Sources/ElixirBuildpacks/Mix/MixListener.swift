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

    init(_ project: MixProject, _ places: MixPlaces, _ reporter: BuildpackReporter) {
        state = Mutex(
            State(reader: MixOutputReader(project, workspace: places.workspace.string, path: places.path)))
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
        tell(facts)
    }

    private func tell(_ facts: [MixOutputReader.Fact]) {
        for fact in facts {
            switch fact {
            case .diagnostic(let diagnostic): reporter(.diagnostic(diagnostic))
            case .progress(let step, let done, let total): reporter(.progress(step: step, done: done, total: total))
            }
        }
    }

    /// The end of the command, with what its output means.
    func outcome(_ end: Termination) -> MixRunner.Outcome {
        tell(state.withLock { $0.reader.finish() })
        return state.withLock { state in
            MixRunner.Outcome(
                end: end, output: state.tail, diagnostics: state.reader.diagnostics,
                exception: state.reader.exception)
        }
    }
}

/// Takes the words with which mix release closes out of its output.
///
/// They tell how to start the release at the place where it was assembled. In an image it stands elsewhere and starts
/// otherwise.
struct MixClosingWords {
    private var hasBegun = false

    /// The text without them; all output after their first line belongs to them.
    mutating func removed(from text: String) -> String {
        if hasBegun { return "" }
        guard let start = text.firstRange(of: "Release created at ") else { return text }
        hasBegun = true
        return String(text[..<start.lowerBound].trimmingSuffixNewlines())
    }
}

extension Substring {
    /// The text with one newline at its end, where there is any text.
    fileprivate func trimmingSuffixNewlines() -> String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text.isEmpty ? "" : text + "\n"
    }
}
