import CCrypto

/// A digest of parts that are fed to it one after the other, each kept apart from the next.
struct Fingerprint {
    private var parts: [UInt8] = []

    /// Adds a part.
    mutating func add(_ bytes: [UInt8]) { parts += Self.digest(bytes) }

    /// Adds a text.
    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// The digest of all parts so far, 64 hexadecimal digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = Self.digest(parts).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            EVP_Digest(bytes, bytes.count, buffer.baseAddress, &length, EVP_sha256(), nil)
            count = Int(length)
        }
    }
}
