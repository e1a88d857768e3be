/// Text as the system has it: bytes, which need not be UTF-8.
///
/// Variables, arguments and paths pass through the launcher unchanged, whatever they hold.
struct ByteString: Hashable, Comparable, ExpressibleByStringLiteral {
    var bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
    init(_ text: String) { bytes = Array(text.utf8) }
    init(stringLiteral text: StaticString) {
        bytes = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    init(cString: UnsafePointer<CChar>) {
        bytes = []
        var next = cString
        while next.pointee != 0 {
            bytes.append(UInt8(bitPattern: next.pointee))
            next += 1
        }
    }

    var isEmpty: Bool { bytes.isEmpty }

    static func + (left: ByteString, right: ByteString) -> ByteString { ByteString(left.bytes + right.bytes) }

    static func < (left: ByteString, right: ByteString) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    /// The two, with a delimiter between them if neither is empty.
    func joined(with other: ByteString, by delimiter: ByteString) -> ByteString {
        isEmpty || other.isEmpty ? self + other : self + delimiter + other
    }

    /// The parts between the bytes; empty parts too.
    func split(by separator: UInt8) -> [ByteString] {
        bytes.split(separator: separator, omittingEmptySubsequences: false).map { ByteString($0) }
    }

    /// What stands before the first such byte and what stands after it; all and nothing if there is none.
    func cut(at separator: UInt8) -> (head: ByteString, tail: ByteString?) {
        guard let place = bytes.firstIndex(of: separator) else { return (self, nil) }
        return (ByteString(bytes[..<place]), ByteString(bytes[(place + 1)...]))
    }

    func contains(_ byte: UInt8) -> Bool { bytes.contains(byte) }

    var baseName: ByteString { split(by: UInt8(ascii: "/")).last ?? self }

    /// Hands the bytes to C, with a zero at the end.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        var terminated = bytes.map { CChar(bitPattern: $0) }
        terminated.append(0)
        return terminated.withUnsafeBufferPointer { buffer in
            // The buffer is never empty: it ends in the zero.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}

extension [ByteString] {
    func joined(by delimiter: ByteString) -> ByteString {
        dropFirst().reduce(first ?? "") { $0 + delimiter + $1 }
    }
}
