import CCrypto
import SystemPackage

/// A hash by which a value is known again without being told: HMAC-SHA256 with a key that only the cache holds.
struct KeyedHash {
    private let key: [UInt8]

    /// Reads the key, or makes one from the system's random source; its file is the owner's alone.
    /// - Throws: `Errno` when it can neither be read nor written.
    init(keyFile: FilePath) throws {
        if let bytes = try? keyFile.fileBytes(), bytes.count == 32 {
            key = bytes
            return
        }
        let random = try FileDescriptor.open("/dev/urandom", .readOnly, options: .closeOnExec)
        let bytes = try random.closeAfter {
            try [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
                while count < 32 {
                    count += try random.read(
                        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
                }
            }
        }
        try keyFile.replace(with: bytes)
        key = bytes
    }

    /// The hash of some bytes.
    func hash(of bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &result, &count)
        return Array(result.prefix(Int(count)))
    }
}
