/// A text for the clipboard of the machine where the terminal is shown, as the terminal is told (OSC 52).
enum Clipboard {
    /// The most that terminals take; what is longer is cut at a character.
    static let limit = 74_000

    static func sequence(for text: String) -> String {
        var bytes = Array(text.utf8.prefix(limit))
        while let last = bytes.last, text.utf8.count > limit, last & 0xC0 == 0x80 { bytes.removeLast() }
        if text.utf8.count > limit, let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return "\u{1B}]52;c;\(base64(bytes))\u{7}"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0...3 {
                let isPadding = index > group.count
                result.append(isPadding ? UInt8(ascii: "=") : digits[value >> (18 - 6 * index) & 63])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
