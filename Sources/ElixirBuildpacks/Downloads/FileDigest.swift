import CCrypto
import SystemPackage

/// The digest of a file's content, as lists of downloads give it.
enum FileDigest: Hashable {
    case sha256(String)
    case sha512(String)

    /// The expected hexadecimal digits, in lower case.
    var digits: String {
        switch self {
        case .sha256(let digits), .sha512(let digits): digits.lowercased()
        }
    }

    /// The algorithm's name.
    var name: String {
        switch self {
        case .sha256: "sha256"
        case .sha512: "sha512"
        }
    }

    /// The digits of a file's content, by the same algorithm.
    /// - Throws: `Errno` when it cannot be read.
    func actual(of file: FilePath) throws -> String {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let algorithm =
            switch self {
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        guard EVP_DigestInit_ex(context, algorithm, nil) == 1 else { throw Errno.noMemory }
        let descriptor = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        try descriptor.closeAfter {
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { return }
                guard EVP_DigestUpdate(context, chunk, count) == 1 else { throw Errno.noMemory }
            }
        }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        EVP_DigestFinal_ex(context, &digest, &count)
        return digest.prefix(Int(count)).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }
}
