/// Finds a text that has no special characters in it, byte by byte.
struct ByteSearch: Sendable {
    private let needle: [UInt8]
    private let ignoresCase: Bool

    /// A search for a text that is not empty; where case is ignored, that of ASCII letters.
    init(_ text: String, ignoresCase: Bool) {
        needle = Array(text.utf8)
        self.ignoresCase = ignoresCase
    }

    func isFound(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { find(in: $0, from: 0) != nil }
    }

    func ranges(in text: String) -> [Range<Int>] {
        var text = text
        return text.withUTF8 { bytes in
            var ranges: [Range<Int>] = []
            var from = 0
            while let start = find(in: bytes, from: from) {
                ranges.append(start..<(start + needle.count))
                from = start + needle.count
            }
            return ranges
        }
    }

    private func find(in bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        needle.withUnsafeBufferPointer { needle in
            var start = from
            while start + needle.count <= bytes.count {
                var length = 0
                while length < needle.count, folded(bytes[start + length]) == needle[length] { length += 1 }
                if length == needle.count { return start }
                start += 1
            }
            return nil
        }
    }

    @inline(__always)
    private func folded(_ byte: UInt8) -> UInt8 {
        ignoresCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}
