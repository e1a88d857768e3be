import Reports
import Synchronization

/// A sink that keeps what is written.
final class CollectedText: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let calls = Mutex(0)

    var sink: TextSink { TextSink { [self] in add($0) } }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    var count: Int { bytes.withLock { $0.count } }

    /// How often something was written.
    var writes: Int { calls.withLock { $0 } }

    private func add(_ more: [UInt8]) {
        calls.withLock { $0 += 1 }
        bytes.withLock { $0 += more }
    }
}
