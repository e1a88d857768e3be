import Diagnostics

/// Somewhere for bytes to go, in order.
///
/// A sink is used by one task at a time. `finish` is called once, after the last byte: until then nothing may be taken as written.
package protocol ByteSink: AnyObject {
    /// Takes bytes; they may be reused by the caller once it returns.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure)

    /// Passes on what is still held back.
    func finish() throws(Failure)
}

extension ByteSink {
    package func write(_ bytes: [UInt8]) throws(Failure) {
        // withUnsafeBytes loses the error's type, so the result carries it out.
        let result = bytes.withUnsafeBytes { part in
            Result { () throws(Failure) in try write(part) }
        }
        try result.get()
    }
}

/// A sink that keeps the bytes in memory, up to a limit.
package final class MemorySink: ByteSink {
    package private(set) var bytes: [UInt8] = []
    private let limit: Int

    package init(limit: Int = .max) { self.limit = limit }

    /// Takes bytes.
    /// - Throws: `Failure` of code `overLimit`.
    package func write(_ part: UnsafeRawBufferPointer) throws(Failure) {
        guard part.count <= limit - bytes.count else {
            throw Failure(.overLimit, "more than \(limit) bytes")
        }
        bytes.append(contentsOf: part)
    }

    package func finish() throws(Failure) {}
}
