/// The version of a CNB API: two numbers, compared as numbers (0.10 is above 0.9).
struct APIVersion: Comparable {
    let major: UInt64
    let minor: UInt64

    init(_ major: UInt64, _ minor: UInt64) {
        self.major = major
        self.minor = minor
    }

    /// Reads `0.12`, also `1` and `v0.12`; `nil` for anything else.
    init?(_ text: ByteString) {
        let digits = text.bytes.first == UInt8(ascii: "v") ? ByteString(text.bytes.dropFirst()) : text
        let (head, tail) = digits.cut(at: .dot)
        guard let major = Self.number(head), let minor = tail.map({ Self.number($0) }) ?? 0 else { return nil }
        self.init(major, minor)
    }

    static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    private static func number(_ digits: ByteString) -> UInt64? {
        guard !digits.isEmpty, digits.bytes.allSatisfy({ $0.isDigit }) else { return nil }
        return UInt64(String(decoding: digits.bytes, as: UTF8.self))
    }
}
