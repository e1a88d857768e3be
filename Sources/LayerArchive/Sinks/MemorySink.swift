public import Diagnostics

/// A sink that keeps the bytes in memory, up to a limit.
public final class MemorySink: ByteSink {
    /// What was taken.
    public private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// Creates a sink; by default without a limit.
    public init(limit: Int = .max) { self.limit = limit }

    /// Takes bytes.
    /// - Throws: `Failure` of code `overLimit`.
    public func write(_ part: UnsafeRawBufferPointer) throws(Failure) {
        guard part.count <= limit - bytes.count else {
            throw Failure(.overLimit, "more than \(limit) bytes")
        }
        bytes.append(contentsOf: part)
    }

    /// Does nothing.
    public func finish() throws(Failure) {}
}
