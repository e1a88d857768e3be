import Synchronization

/// Keeps the end of an output, however much there is.
package final class OutputTail: Sendable {
    private let limit: Int
    private let state = Mutex((text: "", isCut: false))

    /// Creates a tail of at least `limit` and at most twice as many bytes of UTF-8; by default 256 KiB.
    package init(limit: Int = 256 << 10) { self.limit = limit }

    package func add(_ text: String) {
        state.withLock { state in
            state.text += text
            guard state.text.utf8.count > 2 * limit else { return }
            state.text = String(decoding: state.text.utf8.suffix(limit), as: UTF8.self)
            state.isCut = true
        }
    }

    /// What there is, with a line that says so where the beginning is missing.
    package var text: String {
        state.withLock { $0.isCut ? "[the beginning of a long output is left out]\n" + $0.text : $0.text }
    }
}
