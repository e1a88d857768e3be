/// All the texts that a value may be written as.
package struct SecretForms: Sendable {
    /// The texts with their forms, each text once.
    package let texts: [(text: [UInt8], form: SecretForm)]

    /// Shorter values would be found in ordinary words: they are masked as arguments only, and not looked for.
    package static let shortestValue = 6

    /// Works the forms of a value out.
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
        forms += Self.quoted(bytes).map { ($0, .quoted) }
        forms += Self.lines(bytes, shortestLine).map { ($0, .line) }
        forms += Base64Forms.all(of: bytes).map { ($0, .base64) }
        forms += PercentForms.all(of: bytes).map { ($0, .urlEncoded) }
        forms += Self.hexadecimal(bytes).map { ($0, .hexadecimal) }
        forms += [",", ", "].map { (Self.decimal(bytes, separator: $0), .decimal) }
        var seen: Set<[UInt8]> = []
        texts = forms.filter { $0.0.count >= Self.shortestValue && seen.insert($0.0).inserted }
    }

    /// As Elixir, Erlang and JSON write a text between double quotes; none where nothing needs a backslash.
    private static func quoted(_ bytes: [UInt8]) -> [[UInt8]] {
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"): result += Array("\\n".utf8)
            case UInt8(ascii: "\r"): result += Array("\\r".utf8)
            case UInt8(ascii: "\t"): result += Array("\\t".utf8)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            default: result.append(byte)
            }
        }
        return result == bytes ? [] : [result]
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

    private static func decimal(_ bytes: [UInt8], separator: String) -> [UInt8] {
        Array(bytes.map(String.init).joined(separator: separator).utf8)
    }
}
