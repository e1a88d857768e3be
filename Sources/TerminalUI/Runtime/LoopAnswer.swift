import Synchronization

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
