internal import CCrypto
import Diagnostics
import Files
import Glibc
import SystemPackage

/// A message digest that takes its input in parts (FIPS 180-4), as fast as the processor has it.
package struct MessageDigest: ~Copyable {
    /// How the digest is made.
    package enum Algorithm: String, Sendable, Hashable {
        case sha256, sha512
        /// For comparing with lists of others that have nothing better, such as dpkg's; it proves nothing.
        case md5

        fileprivate var method: OpaquePointer? {
            switch self {
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            case .md5: EVP_md5()
            }
        }
    }

    private let context: OpaquePointer
    private let algorithm: Algorithm

    /// - Throws: `Failure` of code `unsupported` when the library has no memory or not the algorithm.
    package init(_ algorithm: Algorithm = .sha256) throws(Failure) {
        guard let context = EVP_MD_CTX_new() else { throw Self.failure }
        guard EVP_DigestInit_ex(context, algorithm.method, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Self.failure
        }
        self.context = context
        self.algorithm = algorithm
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Self.failure }
    }

    package mutating func update(_ bytes: [UInt8]) throws(Failure) {
        let isTaken = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
        guard isTaken else { throw Self.failure }
    }

    /// The digest of all input so far in lower-case hex digits; the next input starts over.
    package mutating func finish() throws(Failure) -> String {
        var raw = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &raw, &count) == 1,
            EVP_DigestInit_ex(context, algorithm.method, nil) == 1
        else { throw Self.failure }
        return Hex.text(raw.prefix(Int(count)))
    }

    /// The digest of some bytes in lower-case hex digits.
    package static func hex(
        of bytes: some Sequence<UInt8>, _ algorithm: Algorithm = .sha256
    ) throws(Failure) -> String {
        var digest = try MessageDigest(algorithm)
        try digest.update(Array(bytes))
        return try digest.finish()
    }

    /// The digest of a file's content in lower-case hex digits.
    /// - Throws: `Failure` of code `unreadable`, also when the task is cancelled.
    package static func hex(ofFile path: FilePath, _ algorithm: Algorithm = .sha256) throws(Failure) -> String {
        // A pipe, which would be waited for, has no content.
        let number = open(path.nameBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw .system(.unreadable, path.string) }
        defer { _ = close(number) }
        var digest = try MessageDigest(algorithm)
        try digest.update(from: number, count: .max, name: path.string)
        return try digest.finish()
    }

    /// A digest of what a file holds and of where its holes are, which are not read.
    ///
    /// It is not that of the content.
    /// - Throws: `Failure` of code `unreadable`, also when the task is cancelled.
    package static func hex(ofPartsIn path: FilePath) throws(Failure) -> String {
        let number = open(path.nameBytes, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .system(.unreadable, path.string) }
        defer { _ = close(number) }
        let size = Int64(lseek(number, 0, SEEK_END))
        var digest = try MessageDigest(.sha256)
        try digest.update(Array("\(size)\n".utf8))
        for part in DataParts(of: number, size: size) {
            try digest.update(Array("\(part)\n".utf8))
            guard lseek(number, off_t(part.lowerBound), SEEK_SET) >= 0 else { throw .system(.unreadable, path.string) }
            try digest.update(from: number, count: Int64(part.count), name: path.string)
        }
        return try digest.finish()
    }

    private mutating func update(from number: Int32, count: Int64, name: String) throws(Failure) {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { chunk.deallocate() }
        var left = count
        while left > 0 {
            guard !Task.isCancelled else { throw Failure(.unreadable, "\(name): the reading was cancelled") }
            let count = read(number, chunk.baseAddress, Int(min(left, Int64(chunk.count))))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(.unreadable, name) }
            if count == 0 { return }
            left -= Int64(count)
            try update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
    }

    private static var failure: Failure { Failure(.unsupported, "libcrypto has no such digest, or no memory") }
}

/// Bytes as hexadecimal digits.
package enum Hex {
    /// Two lower-case digits a byte.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
