import Diagnostics
import Digests
import LayerArchive

/// The name of some content: `sha256:` and 64 hex digits.
///
/// Mirrors the
/// [OCI image specification, Digests](https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests).
/// Other algorithms are refused.
package struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 64 lower-case hex digits.
    package let hex: String

    /// Reads `sha256:<hex>`.
    /// - Throws: `Failure` when the text is not a sha256 digest.
    package init(_ text: String) throws(Failure) {
        guard text.hasPrefix("sha256:") else {
            throw Failure(.malformed, "not a sha256 digest: \(text.prefix(80))")
        }
        try self.init(hex: String(text.dropFirst(7)))
    }

    /// Takes the hex digits of a sha256.
    /// - Throws: `Failure` when they are not 64 lower-case hex digits.
    package init(hex: String) throws(Failure) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(Self.isLowerHex) else {
            throw Failure(.malformed, "not 64 lower-case hex digits: \(hex.prefix(80))")
        }
        self.hex = hex
    }

    package var description: String { "sha256:" + hex }

    /// The first 12 hex digits, for people.
    package var short: String { String(hex.prefix(12)) }

    /// Orders by the hex digits.
    package static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The digest of some bytes.
    /// - Throws: `Failure` when the library cannot compute it.
    package init(of bytes: [UInt8]) throws(Failure) {
        try self.init(hex: try MessageDigest.hex(of: bytes))
    }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
