/// Percent-encoded texts (RFC 3986, section 2.1), with either case of digits and as forms send them.
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
