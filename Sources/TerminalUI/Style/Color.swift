/// A colour as a theme or a child's output names it, before it is fitted to what the terminal shows.
package enum Color: Hashable, Sendable {
    /// What the user has set as the terminal's own text or background colour.
    case terminalDefault
    /// One of the 16 colours that the user's palette defines: 0...7 normal, 8...15 bright.
    case ansi(UInt8)
    /// One of the 256: 16...231 a 6x6x6 cube, 232...255 greys.
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)

    /// The number to show the colour by: a palette index, or 0xRRGGBB at depth `direct`; nil is the terminal's own.
    ///
    /// The user's 16 colours stay what they are, but for the bright ones at depth `direct`, whose terminals know only
    /// eight by number. Others are fitted to the nearest of the palette.
    func number(depth: ColorDepth) -> Int32? {
        switch (self, depth) {
        case (.ansi(let index), .direct) where index < 8: Int32(index)
        case (_, .direct): parts.map(\.number)
        default: index(depth: depth).map(Int32.init)
        }
    }

    private func index(depth: ColorDepth) -> UInt8? {
        switch (self, depth) {
        case (_, .mono), (.terminalDefault, _), (_, .direct): nil
        case (.ansi(let index), _): min(index, 15)
        case (.indexed(let index), .indexed): index
        case (.rgb(let red, let green, let blue), .indexed): Color.nearest256(RGB(red, green, blue))
        case (_, .sixteen): parts.map(Color.nearest16)
        }
    }

    /// The colour's parts, those of the 16 as xterm has them; nil for the terminal's own.
    var parts: RGB? {
        switch self {
        case .terminalDefault: nil
        case .ansi(let index), .indexed(let index): RGB(index: index)
        case .rgb(let red, let green, let blue): RGB(red, green, blue)
        }
    }

    private static func nearest256(_ color: RGB) -> UInt8 {
        var best: UInt8 = 16
        // The first 16 are the user's own and may look like anything.
        for index in UInt8(17)...255 where RGB(index: index).distance(to: color) < RGB(index: best).distance(to: color)
        {
            best = index
        }
        return best
    }

    private static func nearest16(_ color: RGB) -> UInt8 {
        var best: UInt8 = 8
        // Dark blue cannot be read on a black background: cyan and bright blue stand in for it.
        // Nor is a deep colour black.
        let isBlack = max(color.red, color.green, color.blue) < 64
        for index in UInt8(0)...15 where index != 4 && (index != 0 || isBlack) {
            if RGB(index: index).distance(to: color) < RGB(index: best).distance(to: color) { best = index }
        }
        return best
    }
}

/// A colour's parts.
struct RGB: Hashable, Sendable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour of a palette index as xterm has it.
    init(index: UInt8) {
        switch index {
        case 0..<16:
            let parts = RGB.xterm16[Int(index)]
            self.init(parts.0, parts.1, parts.2)
        case 16..<232:
            let cube = index - 16
            self.init(RGB.step(cube / 36), RGB.step(cube / 6 % 6), RGB.step(cube % 6))
        default:
            let grey = 8 + 10 * (index - 232)
            self.init(grey, grey, grey)
        }
    }

    private static func step(_ value: UInt8) -> UInt8 { value == 0 ? 0 : 55 + 40 * value }

    private static let xterm16: [(UInt8, UInt8, UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    /// 0xRRGGBB; the darkest blues a little lighter, because numbers below 8 are the user's own colours.
    var number: Int32 {
        let number = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
        return number < 8 ? number | 0x010100 : number
    }

    /// How different two colours look, roughly: the eye weighs green most.
    func distance(to other: RGB) -> Int {
        let red = Int(red) - Int(other.red)
        let green = Int(green) - Int(other.green)
        let blue = Int(blue) - Int(other.blue)
        return 3 * red * red + 6 * green * green + blue * blue
    }
}

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
