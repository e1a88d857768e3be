import Synchronization

/// Keeps the end of an output, however much there is.
final class OutputTail: Sendable {
    private static let limit = 256 << 10
    private let state = Mutex((text: "", isCut: false))

    /// Adds a chunk.
    func add(_ text: String) {
        state.withLock { state in
            state.text += text
            let excess = state.text.utf8.count - Self.limit
            guard excess > Self.limit else { return }
            state.text = String(decoding: state.text.utf8.suffix(Self.limit), as: UTF8.self)
            state.isCut = true
        }
    }

    /// What there is, with a line that says so where the beginning is missing.
    var text: String {
        state.withLock { $0.isCut ? "[the beginning of a long output is left out]\n" + $0.text : $0.text }
    }
}
