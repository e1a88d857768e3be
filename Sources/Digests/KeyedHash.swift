internal import CCrypto
import Diagnostics
import Files
import SystemPackage

/// A hash by which a value is recognised but not guessed: HMAC-SHA256 (RFC 2104) with a key that only the cache holds.
///
/// Specification: [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104).
package struct KeyedHash: Sendable {
    private let key: [UInt8]

    /// Reads the key, or makes one from the system's random source; only the owner may read its file.
    /// - Throws: `Failure` when it can neither be read nor written.
    package init(keyFile: FilePath) throws(Failure) {
        if let bytes = try? keyFile.bytes(), bytes.count == 32 {
            key = bytes
            return
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else {
            throw Failure(.unsupported, "libcrypto has no random bytes")
        }
        try keyFile.replace(with: bytes)
        key = bytes
    }

    package func hash(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        _ = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &result, &count)
        return Array(result.prefix(Int(count)))
    }

    /// The hash of a text in hex digits.
    package func hex(of text: String) -> String { Hex.text(hash(of: text.utf8)) }
}
