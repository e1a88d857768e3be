import FoundationEssentials

/// The private modes of a terminal that a stream of bytes leaves switched on.
struct ScreenModeTracker {
    /// Modes that were switched on at some time.
    private(set) var used: Set<Int> = []
    /// Modes that are on at the end; the cursor (25) is on from the start.
    private(set) var on: Set<Int> = [25]

    init(_ output: String) {
        for part in output.split(separator: "\u{1B}[?", omittingEmptySubsequences: false).dropFirst() {
            let numbers = part.utf8.prefix { (0x30...0x3B).contains($0) }
            let final = part.utf8.dropFirst(numbers.count).first
            for number in numbers.split(separator: 0x3B).compactMap({ Int(Substring($0)) }) {
                if final == UInt8(ascii: "h") {
                    on.insert(number)
                    used.insert(number)
                } else if final == UInt8(ascii: "l") {
                    on.remove(number)
                }
            }
        }
    }

    /// Whether the terminal is as a shell wants it: no alternate screen, no reports, and a cursor.
    var isClean: Bool { on.isDisjoint(with: [1000, 1002, 1003, 1004, 1006, 1049, 2004]) && on.contains(25) }
}
