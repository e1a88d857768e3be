/// What xterm and its kin send for keys that do not type.
enum KeyCodes {
    /// By the final byte of `ESC [ x` and `ESC O x`.
    static let final: [UInt8: Key] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x48: .home, 0x46: .end, 0x50: .function(1),
        0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    /// By the number in `ESC [ n ~`.
    static let numbered: [Int: Key] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end, 11: .function(1),
        12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6), 18: .function(7),
        19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12), 25: .function(13),
        26: .function(14), 28: .function(15), 29: .function(16), 31: .function(17), 32: .function(18),
        33: .function(19), 34: .function(20),
    ]

    /// The keypad in application mode, `ESC O x`.
    static let keypad: [UInt8: Key] = [
        0x4D: .enter, 0x6A: .character("*"), 0x6B: .character("+"), 0x6C: .character(","), 0x6D: .character("-"),
        0x6E: .character("."), 0x6F: .character("/"), 0x70: .character("0"), 0x71: .character("1"),
        0x72: .character("2"), 0x73: .character("3"), 0x74: .character("4"), 0x75: .character("5"),
        0x76: .character("6"), 0x77: .character("7"), 0x78: .character("8"), 0x79: .character("9"),
    ]
}
