import Synchronization

/// The end of what a program printed, for when it is all there is to tell why it ended.
final class OutputTail: Sendable {
    private static let limit = 2000
    private let kept = Mutex("")

    var text: String { kept.withLock { $0 } }

    func append(_ text: String) {
        kept.withLock { $0 = String(($0 + text).suffix(Self.limit)) }
    }
}
