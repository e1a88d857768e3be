import BuildpackAPI
import Lifecycle
import Synchronization
import Text

/// The last line of a terminal, which says what is being done and is written over; nothing of it stays.
///
/// It is for a terminal only. Everything else that is written there while the line is shown goes through `sink`.
package final class LiveLine: Sendable {
    private struct State {
        var step = RunningStep()
        /// When the step began, by the clock.
        var since = 0.0
        var shown = ""
    }

    private let state = Mutex(State())
    private let write: @Sendable ([UInt8]) -> Void
    private let width: @Sendable () -> Int
    private let clock: @Sendable () -> Double

    /// Steps that end sooner than this have no line, in seconds.
    static let patience = 0.5
    private static let erasing = "\r\u{1B}[K"

    /// Creates a line that is not shown yet.
    /// - Parameters:
    ///   - write: takes bytes for the terminal as they are.
    ///   - width: the terminal's columns.
    ///   - clock: seconds of a clock that never goes back.
    package init(
        write: @escaping @Sendable ([UInt8]) -> Void, width: @escaping @Sendable () -> Int,
        clock: @escaping @Sendable () -> Double
    ) {
        self.write = write
        self.width = width
        self.clock = clock
    }

    /// A sink for text that stays: the line makes room for it and comes back below.
    package func sink(over other: TextSink) -> TextSink {
        TextSink { bytes in
            self.state.withLock { state in
                let shown = state.shown
                if !shown.isEmpty { self.write(Array(Self.erasing.utf8)) }
                other.write(bytes)
                if !shown.isEmpty { self.write(Array(shown.utf8)) }
            }
        }
    }

    /// Takes the next event; what it ends is no longer shown.
    package func handle(_ event: LifecycleEvent) {
        state.withLock { state in
            let before = state.step
            state.step.fold(event)
            guard state.step != before else { return }
            if state.step.name != before.name { state.since = clock() }
            if state.step.name == nil { erase(&state) }
        }
    }

    /// Says a step of something that is no build.
    package func show(_ step: String, done: Int64, of total: Int64) {
        let percent = total > 0 ? (Int(done * 100 / total), 100) : (0, 0)
        handle(LifecycleEvent(at: 0, .progress(step: step, done: percent.0, total: percent.1)))
    }

    /// Writes the line as it is now.
    package func draw() {
        state.withLock { state in
            let seconds = clock() - state.since
            guard let text = state.step.text(after: seconds), seconds >= Self.patience || !state.shown.isEmpty else {
                return erase(&state)
            }
            let line = Self.fitted(text, to: width() - 1)
            guard line != state.shown else { return }
            write(Array((Self.erasing + line).utf8))
            state.shown = line
        }
    }

    /// Draws the line again and again, until the task is cancelled; then the line is gone.
    package func run() async {
        while !Task.isCancelled {
            draw()
            try? await Task.sleep(for: .milliseconds(200))
        }
        end()
    }

    /// Takes the line away, for good.
    package func end() {
        state.withLock { state in
            state.step = RunningStep()
            erase(&state)
        }
    }

    private func erase(_ state: inout State) {
        if !state.shown.isEmpty { write(Array(Self.erasing.utf8)) }
        state.shown = ""
    }

    /// One line without anything that a terminal obeys, cut so that it never goes on in the next row.
    ///
    /// Wide characters count as two, which is too much for some and never too little.
    private static func fitted(_ text: String, to columns: Int) -> String {
        var left = columns
        var line = ""
        for character in TextSink.withoutColours(text) where !character.isNewline {
            left -= character.isASCII ? 1 : 2
            guard left >= 0 else { break }
            line.append(character)
        }
        return line
    }
}

/// What a build is doing, from its events: the innermost step that is known.
struct RunningStep: Hashable {
    private var phase: Phase?
    private var commands: [Command] = []
    private var dependency: DependencyStep?
    private var progress: Progress?

    private struct Command: Hashable {
        var id: Int
        var text: String
    }

    private struct Progress: Hashable {
        var step: String
        var done: Int
        var total: Int
    }

    mutating func fold(_ event: LifecycleEvent) {
        switch event.kind {
        case .phaseStarted(let phase):
            self = RunningStep()
            self.phase = phase
        case .phaseFinished, .finished, .failed, .cancelled: self = RunningStep()
        case .commandStarted(let id, _, let text): commands.append(Command(id: id, text: text))
        case .commandEnded(let id, _, _):
            commands.removeAll { $0.id == id }
            (dependency, progress) = (nil, nil)
        case .dependency(let step): dependency = step.seconds == nil ? step : nil
        case .progress(let step, let done, let total):
            progress = done < total || total == 0 ? Progress(step: step, done: done, total: total) : nil
        case .imageWritten: progress = nil
        case .started, .buildpackStarted, .buildpackFinished, .planResolved, .output, .notice, .diagnostic, .layer:
            break
        }
    }

    /// What is being done, without how far it is: with another name, another step has begun.
    var name: String? {
        if let dependency { return "\(dependency.work.rawValue) \(dependency.name)" }
        if let progress { return progress.step }
        return commands.last?.text ?? phase?.rawValue
    }

    /// The line: `export: writing oci:shop (kB), 34 %, 12 s`.
    func text(after seconds: Double) -> String? {
        guard let name else { return nil }
        let isPhase = name == phase?.rawValue
        let head = isPhase ? name : (phase.map { "\($0.rawValue): " } ?? "") + name
        let left = dependency.flatMap { $0.remainder(after: seconds) }
        return [head, amount, Amount.shortSeconds(seconds), left].compactMap(\.self).joined(separator: ", ")
    }

    private var amount: String? {
        if let dependency { return "\(dependency.number) of \(dependency.total)" }
        guard let progress, progress.total > 0, progress.done > 0 else { return nil }
        return "\(progress.done * 100 / progress.total) %"
    }
}

/// Feeds a line beside the reporter whose text it makes room for.
package struct LiveLineReporter: Reporter {
    private let line: LiveLine

    package init(_ line: LiveLine) { self.line = line }

    package mutating func handle(_ event: LifecycleEvent) { line.handle(event) }
}
