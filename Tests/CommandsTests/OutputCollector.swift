import Commands
import Synchronization

/// Keeps what a command wrote, in order, and tells when a text has come.
final class OutputCollector: Sendable {
    private struct State {
        var text = ""
        var chunks = 0
        var largest = 0
        var bytes = 0
        var waiters: [(String, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let keeps: Bool

    init(keepsText: Bool = true) { keeps = keepsText }

    var text: String { state.withLock { $0.text } }
    var chunks: Int { state.withLock { $0.chunks } }
    var largest: Int { state.withLock { $0.largest } }
    var bytes: Int { state.withLock { $0.bytes } }

    func take(_ output: CommandOutput) {
        state.withLock { state in
            if keeps { state.text += output.text }
            state.chunks += 1
            state.bytes += output.text.utf8.count
            state.largest = max(state.largest, output.text.utf8.count)
            let text = state.text
            state.waiters.removeAll { waiter in
                guard text.contains(waiter.0) else { return false }
                waiter.1.resume()
                return true
            }
        }
    }

    /// Returns once the output has this text in it.
    func contains(_ text: String) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.text.contains(text) {
                    continuation.resume()
                } else {
                    state.waiters.append((text, continuation))
                }
            }
        }
    }
}
