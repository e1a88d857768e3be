import Synchronization

/// What a program printed, as far as anybody reads it.
final class OutputText: Sendable {
    private let parts = Mutex("")
    private let limit: Int

    init(limit: Int = 8 << 20) { self.limit = limit }

    func append(_ text: String) {
        parts.withLock { if $0.utf8.count < limit { $0 += text } }
    }

    var text: String { parts.withLock { $0 } }
}
