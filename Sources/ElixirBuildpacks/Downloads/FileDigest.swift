import Digests

/// The digest of a file's content, as lists of downloads give it.
struct FileDigest: Hashable {
    let algorithm: MessageDigest.Algorithm
    /// The hexadecimal digits, in lower case.
    let digits: String

    static func sha256(_ digits: String) -> FileDigest { FileDigest(algorithm: .sha256, digits: digits.lowercased()) }
    static func sha512(_ digits: String) -> FileDigest { FileDigest(algorithm: .sha512, digits: digits.lowercased()) }
}
