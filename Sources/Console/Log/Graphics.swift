import TerminalUI

/// The colours and attributes that a program has set by SGR sequences.
struct Graphics: Sendable, Equatable {
    private var foreground: Color?
    private var background: Color?
    private var attributes: TextAttributes = []

    /// The style of text in a role under these graphics.
    func style(over role: Role) -> Style {
        Style(role, foreground: foreground, background: background, attributes: attributes)
    }

    /// Takes in the numbers of one sequence.
    mutating func apply(_ codes: [Int]) {
        var codes = codes[...]
        while let code = codes.popFirst() {
            switch code {
            case 0: self = Graphics()
            case 1: attributes.insert(.bold)
            case 2: attributes.insert(.dim)
            case 3: attributes.insert(.italic)
            case 4: attributes.insert(.underline)
            case 7: attributes.insert(.reverse)
            case 9: attributes.insert(.strike)
            case 22: attributes.subtract([.bold, .dim])
            case 23: attributes.remove(.italic)
            case 24: attributes.remove(.underline)
            case 27: attributes.remove(.reverse)
            case 29: attributes.remove(.strike)
            case 30...37: foreground = .ansi(UInt8(code - 30))
            case 38: foreground = Self.color(from: &codes)
            case 39: foreground = nil
            case 40...47: background = .ansi(UInt8(code - 40))
            case 48: background = Self.color(from: &codes)
            case 49: background = nil
            case 90...97: foreground = .ansi(UInt8(code - 82))
            case 100...107: background = .ansi(UInt8(code - 92))
            default: break
            }
        }
    }

    private static func color(from codes: inout ArraySlice<Int>) -> Color? {
        switch codes.popFirst() {
        case 5: return codes.popFirst().map { .indexed(UInt8(clamping: $0)) }
        case 2:
            let parts = codes.prefix(3).map { UInt8(clamping: $0) }
            codes = codes.dropFirst(3)
            return parts.count == 3 ? .rgb(red: parts[0], green: parts[1], blue: parts[2]) : nil
        default: return nil
        }
    }
}
