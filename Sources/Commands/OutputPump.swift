import Synchronization

/// Hands a program's output on in chunks: full ones at once, the rest when `flush` is called.
///
/// Safe from several tasks.
final class OutputPump: Sendable {
    private struct State {
        var chunker = LineChunker()
        var isFlushDue = false
    }

    private let state = Mutex(State())
    private let onOutput: @Sendable (CommandOutput) -> Void

    init(_ onOutput: @escaping @Sendable (CommandOutput) -> Void) { self.onOutput = onOutput }

    /// Takes bytes.
    /// - Returns: whether the caller has to see to a flush soon: lines wait, and no flush is under way.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            for chunk in state.chunker.append(bytes) { send(chunk) }
            guard !state.isFlushDue, state.chunker.hasLine else { return false }
            state.isFlushDue = true
            return true
        }
    }

    /// Hands on the whole lines that wait.
    func flush() {
        state.withLock { state in
            state.isFlushDue = false
            if let chunk = state.chunker.flush() { send(chunk) }
        }
    }

    /// Hands on all that waits: the program wrote its last.
    func finish() {
        state.withLock { state in
            if let chunk = state.chunker.finish() { send(chunk) }
        }
    }

    // Called with the lock held, so that chunks keep their order.
    private func send(_ text: String) { onOutput(CommandOutput(stream: .stdout, text: text)) }
}
