import Diagnostics

/// A sink that keeps the bytes in memory, up to a limit.
package final class MemorySink: ByteSink {
    /// What was taken.
    package private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// Creates a sink; by default without a limit.
    package init(limit: Int = .max) { self.limit = limit }

    /// Takes bytes.
    /// - Throws: `Failure` of code `overLimit`.
    package func write(_ part: UnsafeRawBufferPointer) throws(Failure) {
        guard part.count <= limit - bytes.count else {
            throw Failure(.overLimit, "more than \(limit) bytes")
        }
        bytes.append(contentsOf: part)
    }

    /// Does nothing.
    package func finish() throws(Failure) {}
}
