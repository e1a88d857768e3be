import Reports
import Synchronization

/// A sink that keeps what is written.
final class CollectedText: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var sink: TextSink { TextSink { [self] in add($0) } }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    var count: Int { bytes.withLock { $0.count } }

    private func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
