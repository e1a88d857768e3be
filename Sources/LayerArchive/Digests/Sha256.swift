internal import CCrypto
public import Diagnostics

/// A sha256 that takes its input in parts (FIPS 180-4), as fast as the processor has it.
public struct Sha256: ~Copyable {
    private let context: OpaquePointer

    /// Starts with no input.
    /// - Throws: `Failure` when the library has no memory or no sha256.
    public init() throws(Failure) {
        guard let context = EVP_MD_CTX_new() else { throw Self.failure }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Self.failure
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Self.failure }
    }

    /// The digest of all input so far as 64 lower-case hex digits; the next input starts anew.
    public mutating func finish() throws(Failure) -> String {
        var raw = [UInt8](repeating: 0, count: 32)
        guard EVP_DigestFinal_ex(context, &raw, nil) == 1, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            throw Self.failure
        }
        return Self.hex(raw)
    }

    /// The sha256 of some bytes as 64 lower-case hex digits.
    public static func hex(of bytes: some Sequence<UInt8>) throws(Failure) -> String {
        var hash = try Sha256()
        let array = Array(bytes)
        try hash.update(array)
        return try hash.finish()
    }

    private mutating func update(_ array: [UInt8]) throws(Failure) {
        let isTaken = array.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
        guard isTaken else { throw Self.failure }
    }

    private static var failure: Failure { Failure(.unsupported, "libcrypto: no sha256") }

    private static func hex(_ raw: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: raw.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
