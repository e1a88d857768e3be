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
