import Glibc

/// Bytes of a secret in memory of their own, overwritten when nobody holds them any more.
///
/// It prints as nothing, in every way Swift has of printing. The strings that are made of it for a moment, for the
/// environment of a program, are Swift's own and beyond reach.
package final class SecretBuffer: Sendable {
    // Written once, before anyone else sees it.
    private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    package init(_ text: String) {
        var text = text
        bytes = text.withUTF8 { source in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
            copy.copyMemory(from: UnsafeRawBufferPointer(source))
            return copy
        }
        // Kept out of the swap where the system allows it.
        if let start = bytes.baseAddress { mlock(start, bytes.count) }
    }

    deinit {
        if let start = bytes.baseAddress {
            explicit_bzero(start, bytes.count)
            munlock(start, bytes.count)
        }
        bytes.deallocate()
    }

    package var count: Int { bytes.count }

    /// Lends the value as a text to `body`, which must not keep it.
    package func withValue<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(String(decoding: bytes, as: UTF8.self))
    }

    /// Lends the bytes to `body`, which must not keep them.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(bytes))
    }
}

extension SecretBuffer: Hashable {
    package static func == (left: SecretBuffer, right: SecretBuffer) -> Bool {
        left === right || left.bytes.elementsEqual(right.bytes)
    }

    /// Hashes the bytes, with the seed of this process.
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
}

extension SecretBuffer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Dots and no length.
    package var description: String { "•••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
