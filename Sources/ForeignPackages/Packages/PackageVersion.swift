/// A version of a Debian package, in dpkg's order
/// ([deb-version(7)](https://manpages.debian.org/bookworm/dpkg-dev/deb-version.7.en.html)).
package struct PackageVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The version as it is written.
    package let description: String
    private let epoch: Int
    private let upstream: [UInt8]
    private let revision: [UInt8]

    package init(_ text: String) {
        description = text
        var rest = Substring(text)
        if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]) {
            epoch = number
            rest = rest[rest.index(after: colon)...]
        } else {
            epoch = 0
        }
        let dash = rest.lastIndex(of: "-")
        upstream = Array(rest[..<(dash ?? rest.endIndex)].utf8)
        revision = dash.map { Array(rest[rest.index(after: $0)...].utf8) } ?? []
    }

    /// The version of the source, where the package has the one that its source has: `+b6` says that it was only built again.
    package var withoutRebuilds: PackageVersion {
        guard let plus = description.lastIndex(of: "+") else { return self }
        let suffix = description[description.index(after: plus)...]
        guard suffix.first == "b", suffix.count > 1, suffix.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return self
        }
        return PackageVersion(String(description[..<plus]))
    }

    package static func < (one: PackageVersion, other: PackageVersion) -> Bool { one.order(other) < 0 }

    /// Equal in dpkg's order: `1.0` and `1.00` are.
    package static func == (one: PackageVersion, other: PackageVersion) -> Bool { one.order(other) == 0 }

    package func hash(into hasher: inout Hasher) { hasher.combine(epoch) }

    private func order(_ other: PackageVersion) -> Int {
        if epoch != other.epoch { return epoch < other.epoch ? -1 : 1 }
        let first = Self.order(upstream[...], other.upstream[...])
        return first != 0 ? first : Self.order(revision[...], other.revision[...])
    }

    /// Parts without digits and numbers take turns, as dpkg compares them.
    private static func order(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
        var (left, right) = (one, other)
        while !left.isEmpty || !right.isEmpty {
            while isText(left.first) || isText(right.first) {
                let (first, second) = (weight(left.first), weight(right.first))
                if first != second { return first - second }
                left = left.dropFirst()
                right = right.dropFirst()
            }
            let (first, second) = (digits(&left), digits(&right))
            if first.count != second.count { return first.count - second.count }
            if first != second { return first.lexicographicallyPrecedes(second) ? -1 : 1 }
        }
        return 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isText(_ byte: UInt8?) -> Bool { byte.map { !isDigit($0) } ?? false }

    /// A tilde comes before the end, the end and digits before letters, letters before the rest.
    private static func weight(_ byte: UInt8?) -> Int {
        guard let byte, !isDigit(byte) else { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        return isLetter ? Int(byte) : Int(byte) + 256
    }

    /// Takes the digits at the start, without zeros before them.
    private static func digits(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = text.prefix(while: isDigit)
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == UInt8(ascii: "0") }
    }
}
