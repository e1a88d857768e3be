import Synchronization

/// What can reach a loop besides events of the terminal.
enum LoopItem<State: Sendable, Message: Sendable>: Sendable {
    /// A message; `work` is the work that sent it, nil for one from outside.
    case message(Message, work: UInt64?)
    case ended(work: UInt64)
    /// The terminal is ours again.
    case terminalResumed(Message?)
    /// Whoever runs the loop wants it to end.
    case cancelled
    case probe(LoopProbe<State>)
}

/// Somebody who waits for the loop to come to a state.
struct LoopProbe<State: Sendable>: Sendable {
    /// Whether nothing may be under way, too.
    let needsIdle: Bool
    let condition: @Sendable (State) -> Bool
    /// Told the state once it is so; nil if the loop ends before.
    let answer: @Sendable (State?) -> Void
}

/// What somebody who waits for a loop is told, once: the state, or nil where there is none to come.
final class LoopAnswer<State: Sendable>: Sendable {
    private enum Stage: Sendable {
        case asked
        case waiting(CheckedContinuation<State?, Never>)
        case given
    }

    private let stage = Mutex(Stage.asked)

    /// Takes who waits; answered at once where the wait was cancelled before it began.
    func await(_ continuation: CheckedContinuation<State?, Never>) {
        let isOver = stage.withLock { stage in
            guard case .asked = stage else { return true }
            stage = .waiting(continuation)
            return false
        }
        if isOver { continuation.resume(returning: nil) }
    }

    /// Answers; later answers are dropped.
    func give(_ state: State?) {
        let waiting = stage.withLock { stage in
            let last = stage
            stage = .given
            return last
        }
        if case .waiting(let continuation) = waiting { continuation.resume(returning: state) }
    }
}
