import Digests

/// A digest of parts that are fed to it one after the other, each kept apart from the next.
struct Fingerprint {
    private var parts: [String] = []

    /// Adds a part.
    mutating func add(_ bytes: [UInt8]) { parts.append((try? MessageDigest.hex(of: bytes)) ?? "") }

    /// Adds a text.
    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// The digest of all parts so far, 64 hexadecimal digits.
    var hex: String { (try? MessageDigest.hex(of: parts.joined().utf8)) ?? "" }
}
