/// All the texts that a value may be written as.
package struct SecretForms: Sendable {
    /// The texts with their forms, each text once.
    package let texts: [(text: [UInt8], form: SecretForm)]

    /// Shorter values would be found in ordinary words: they are masked as arguments only, and not looked for.
    package static let shortestValue = 6

    /// - Parameters:
    ///   - value: the value; one that is too short has no forms.
    ///   - shortestLine: how long a line of a value of several lines must be to count by itself.
    package init(of value: String, shortestLine: Int = 16) {
        let bytes = Array(value.utf8)
        guard bytes.count >= Self.shortestValue else {
            texts = []
            return
        }
        var forms: [([UInt8], SecretForm)] = [(bytes, .plain)]
        forms += QuotedForms.all(of: value).map { ($0, .quoted) }
        forms += Self.lines(bytes, shortestLine).map { ($0, .line) }
        forms += Base64Forms.all(of: bytes).map { ($0, .base64) }
        forms += PercentForms.all(of: bytes).map { ($0, .urlEncoded) }
        forms += Self.hexadecimal(bytes).map { ($0, .hexadecimal) }
        for numbers in [bytes.map { UInt32($0) }, value.unicodeScalars.map(\.value)] {
            forms += [",", ", "].map { (Self.decimal(numbers, separator: $0), .decimal) }
        }
        if let shown = ShownText(bytes) { forms.append((shown.bytes, .plain)) }
        var seen: Set<[UInt8]> = []
        texts = forms.filter { $0.0.count >= Self.shortestValue && seen.insert($0.0).inserted }
    }

    /// The lines that are long enough; the first and last line of a PEM file are the same for everyone.
    private static func lines(_ bytes: [UInt8], _ shortest: Int) -> [[UInt8]] {
        guard bytes.contains(UInt8(ascii: "\n")) else { return [] }
        return bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.map(Array.init).filter {
            $0.count >= shortest && !$0.starts(with: "-----".utf8)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [[UInt8]] {
        ["0123456789abcdef", "0123456789ABCDEF"].map { digits in
            let digits = Array(digits.utf8)
            return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        }
    }

    private static func decimal(_ numbers: [UInt32], separator: String) -> [UInt8] {
        Array(numbers.map(String.init).joined(separator: separator).utf8)
    }
}

/// The ways in which a value is written into files and output.
package enum SecretForm: String, Sendable, Hashable, Codable, CaseIterable {
    case plain
    /// The value as it stands between quotes, with backslashes.
    case quoted
    /// One long line of a value of several lines.
    case line
    /// Base64, at any of its three alignments, with either alphabet.
    case base64
    case urlEncoded = "url-encoded"
    case hexadecimal
    /// A list of decimal bytes or code points, as Erlang writes binaries and strings.
    case decimal

    /// The form in words, for the end of "the value is in FILE, ...".
    package var words: String {
        switch self {
        case .plain: "as it is"
        case .quoted: "between quotes"
        case .line: "one of its lines"
        case .base64: "in base64"
        case .urlEncoded: "URL-encoded"
        case .hexadecimal: "in hexadecimal"
        case .decimal: "as a list of decimal numbers"
        }
    }
}

/// What of a value can be found in base64 that it is only a part of.
///
/// Three bytes become four characters, so a value looks different at each of three places; the characters that depend
/// on its neighbours are left out.
enum Base64Forms {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let alphabets = ["+/", "-_"].map { Array((letters + $0).utf8) }

    static func all(of bytes: [UInt8]) -> [[UInt8]] {
        alphabets.flatMap { alphabet in
            (0..<3).flatMap { count in [true, false].map { encoded(bytes, after: count, isLast: $0, alphabet) } }
        }
    }

    /// The characters that the value alone decides, where so many bytes stand before it in its group of three, and
    /// nothing or something behind it.
    private static func encoded(
        _ bytes: [UInt8], after count: Int, isLast: Bool, _ alphabet: [UInt8]
    ) -> [UInt8] {
        let all = [UInt8](repeating: 0, count: count) + bytes
        let first = (count * 8 + 5) / 6
        let end = (all.count * 8 + (isLast ? 5 : 0)) / 6
        return (first..<max(first, end)).map { index in alphabet[sextet(all, at: index * 6)] }
    }

    private static func sextet(_ bytes: [UInt8], at bit: Int) -> Int {
        let index = bit / 8
        let pair = Int(bytes[index]) << 8 | (index + 1 < bytes.count ? Int(bytes[index + 1]) : 0)
        return pair >> (10 - bit % 8) & 63
    }
}

/// Percent-encoded texts (RFC 3986, section 2.1), with either case of digits and as forms send them.
///
/// Specification: [RFC 3986, section 2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).
enum PercentForms {
    /// The texts; none where nothing needs encoding.
    static func all(of bytes: [UInt8]) -> [[UInt8]] {
        let capital = encoded(bytes, digits: "0123456789ABCDEF", plus: false)
        guard capital != bytes else { return [] }
        return [
            capital, encoded(bytes, digits: "0123456789abcdef", plus: false),
            encoded(bytes, digits: "0123456789ABCDEF", plus: true),
        ]
    }

    private static func encoded(_ bytes: [UInt8], digits: String, plus: Bool) -> [UInt8] {
        let digits = Array(digits.utf8)
        var result: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) {
                result.append(byte)
            } else if plus && byte == UInt8(ascii: " ") {
                result.append(UInt8(ascii: "+"))
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }
}
