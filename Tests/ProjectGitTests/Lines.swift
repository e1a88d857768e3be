import Synchronization

/// Collects output.
final class Lines: Sendable {
    private let kept = Mutex("")

    func add(_ text: String) { kept.withLock { $0 += text } }

    var text: String { kept.withLock { $0 } }
}
