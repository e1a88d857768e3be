/// The version of a CNB API: two numbers, compared as numbers (0.10 is above 0.9).
package struct APIVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
    package let major: UInt64
    package let minor: UInt64

    /// The Buildpack APIs that mixpack keeps to.
    package static let supported = APIVersion(0, 2)...APIVersion(0, 12)

    package init(_ major: UInt64, _ minor: UInt64) {
        self.major = major
        self.minor = minor
    }

    /// Reads `0.12`, also `1` and `v0.12`; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let major = Self.number(parts[0]) else { return nil }
        guard let minor = parts.count == 2 ? Self.number(parts[1]) : 0 else { return nil }
        self.init(major, minor)
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    private static func number(_ digits: some StringProtocol) -> UInt64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(digits)
    }
}
