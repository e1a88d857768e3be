import CNcurses
import TerminalUI

/// The escape sequences that the terminal's description gives for keys.
enum KeyTable {
    private static let capabilities: [(name: String, key: Key)] =
        [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert), ("kdch1", .delete), ("kent", .enter),
        ] + (1...12).map { ("kf\($0)", .function($0)) }

    /// The sequences of the current terminal that begin with ESC; others are read as they are.
    static func current() -> [[UInt8]: Key] {
        var table: [[UInt8]: Key] = [:]
        for (name, key) in capabilities {
            guard let text = cncurses_capability(name) else { continue }
            let bytes = Array(String(cString: text).utf8)
            if bytes.count > 2, bytes[0] == 0x1B { table[bytes] = key }
        }
        return table
    }
}
