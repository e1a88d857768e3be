extension Color {
    private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

    /// A colour as themes write it: `default`, `red`, `bright-red`, `0` to `255`, `#RRGGBB`; nil for anything else.
    init?(named text: String) {
        if text == "default" {
            self = .terminalDefault
        } else if let index = Color.names.firstIndex(of: text) {
            self = .ansi(UInt8(index))
        } else if text.hasPrefix("bright-"), let index = Color.names.firstIndex(of: String(text.dropFirst(7))) {
            self = .ansi(UInt8(index + 8))
        } else if let index = UInt8(text) {
            self = index < 16 ? .ansi(index) : .indexed(index)
        } else if text.hasPrefix("#"), text.utf8.count == 7, text.utf8.dropFirst().allSatisfy(Color.isHexDigit),
            let value = UInt32(text.dropFirst(), radix: 16)
        {
            self = .rgb(
                red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        } else {
            return nil
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// The colour as themes write it.
    var name: String {
        switch self {
        case .terminalDefault: return "default"
        case .ansi(let index): return (index < 8 ? "" : "bright-") + Color.names[Int(index % 8)]
        case .indexed(let index): return "\(index)"
        case .rgb(let red, let green, let blue):
            let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16, uppercase: true)
            return "#" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }
}
