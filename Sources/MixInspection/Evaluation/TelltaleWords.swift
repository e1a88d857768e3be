import Glibc

/// The words without which a source file reads no variable and names no address: looked for before anything is parsed.
enum TelltaleWords {
    private static let words = [
        "System.", "env!", ":system", "getenv", "loopback", "{127,", "ifaddr", "ip:",
    ]

    static func areIn(_ bytes: [UInt8]) -> Bool { isAny(of: words, in: bytes) }

    /// Whether a text holds this word.
    static func isIn(_ bytes: [UInt8], _ word: String) -> Bool { isAny(of: [word], in: bytes) }

    private static func isAny(of words: [String], in bytes: [UInt8]) -> Bool {
        // strstr is the fast search that libc has for everyone; it wants an end.
        (bytes + [0]).withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return false }
                return words.contains { strstr(start, $0) != nil }
            }
        }
    }
}
