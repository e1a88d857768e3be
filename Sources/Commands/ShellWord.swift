/// Quoting of words for a POSIX shell.
package enum ShellWord {
    /// The word as a POSIX shell reads it back: bare where that is safe, else in single quotes.
    package static func quoted(_ word: String) -> String {
        let isSafe = !word.isEmpty && word.utf8.allSatisfy(isSafeByte)
        return isSafe
            ? word
            : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static func isSafeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "@%+=:,./-_".utf8.contains(byte)
        }
    }
}
