import OCIImage
import Synchronization

/// Adds up what tasks that run at once have done.
final class ProgressSum: Sendable {
    private let total: Int64
    private let progress: BlobProgress?
    private let done = Mutex<Int64>(0)

    init(total: Int64, _ progress: BlobProgress?) {
        self.total = total
        self.progress = progress
    }

    /// Counts bytes and tells of the sum.
    func add(_ bytes: Int64) {
        let sum = done.withLock { sum in
            sum += bytes
            return sum
        }
        progress?(sum, total)
    }
}
