import Glibc

/// The words without which a source file reads no variable and names no address: looked for before anything is parsed.
enum TelltaleWords {
    private static let words = [
        "System.", "env!", ":system", "getenv", "loopback", "{127,", "ifaddr", "ip:",
    ]

    static func areIn(_ bytes: [UInt8]) -> Bool {
        // strstr is the fast search that libc has for everyone; it wants an end.
        (bytes + [0]).withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return false }
                return words.contains { strstr(start, $0) != nil }
            }
        }
    }
}
