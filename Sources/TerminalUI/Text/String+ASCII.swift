extension String {
    /// Whether every character is ASCII, a byte and a column each; eight bytes at a time, as lines of logs may be long.
    var isASCII: Bool {
        var text = self
        return text.withUTF8 { $0.isASCII }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether every byte is below 128.
    var isASCII: Bool {
        let raw = UnsafeRawBufferPointer(self)
        let words = raw.count / 8
        for word in 0..<words
        where raw.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 {
            return false
        }
        return raw[(words * 8)...].allSatisfy { $0 < 0x80 }
    }
}
