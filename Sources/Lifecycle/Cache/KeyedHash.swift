import CCrypto
import SystemPackage

/// Hashes of values that must be recognised but not guessed: HMAC-SHA256 with a key that stays in the project's cache.
struct KeyedHash {
    private let key: [UInt8]

    /// Reads the key, or makes one (mode 600) from the system's random source.
    init(keyFile: FilePath) throws {
        if let bytes = keyFile.readFile(), bytes.count == 32 {
            key = bytes
            return
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { throw Errno.ioError }
        try keyFile.replaceFile(with: bytes)
        key = bytes
    }

    /// The hash of a text, as hex.
    func hash(of text: String) -> String {
        var result = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let bytes = Array(text.utf8)
        _ = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &result, &count)
        return result.prefix(Int(count)).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }
}
