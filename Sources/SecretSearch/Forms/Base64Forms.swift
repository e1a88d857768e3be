/// What of a value can be found in base64 that it is only a part of.
///
/// Three bytes become four characters, so a value looks different at each of three places; the characters that depend
/// on its neighbours are left out.
enum Base64Forms {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let alphabets = ["+/", "-_"].map { Array((letters + $0).utf8) }

    /// The texts, for each alignment and alphabet.
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
