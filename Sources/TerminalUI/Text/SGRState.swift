/// The colours and attributes that a child's output has switched on.
struct SGRState: Hashable, Sendable {
    var foreground: Color?
    var background: Color?
    var attributes: TextAttributes = []

    /// Takes in the numbers of one `ESC [ … m`.
    mutating func apply(_ parameters: [Int]) {
        var rest = parameters.isEmpty ? [0] : parameters[...]
        while let code = rest.popFirst() {
            switch code {
            case 0: self = SGRState()
            case 1, 2, 3, 4, 7, 9: attributes.insert(SGRState.attribute(code))
            case 22: attributes.subtract([.bold, .dim])
            case 23, 24, 27, 29: attributes.remove(SGRState.attribute(code - 20))
            case 30...37: foreground = .ansi(UInt8(code - 30))
            case 90...97: foreground = .ansi(UInt8(code - 90 + 8))
            case 40...47: background = .ansi(UInt8(code - 40))
            case 100...107: background = .ansi(UInt8(code - 100 + 8))
            case 39: foreground = nil
            case 49: background = nil
            case 38: foreground = SGRState.extended(&rest) ?? foreground
            case 48: background = SGRState.extended(&rest) ?? background
            default: break
            }
        }
    }

    private static func attribute(_ code: Int) -> TextAttributes {
        switch code {
        case 1: .bold
        case 2: .dim
        case 3: .italic
        case 4: .underline
        case 7: .reverse
        default: .strike
        }
    }

    /// The colour behind a 38 or 48: `5;n` or `2;r;g;b`.
    private static func extended(_ rest: inout ArraySlice<Int>) -> Color? {
        switch rest.popFirst() {
        case 5: return rest.popFirst().flatMap { UInt8(exactly: $0) }.map { $0 < 16 ? .ansi($0) : .indexed($0) }
        case 2:
            let parts = rest.prefix(3).compactMap { UInt8(exactly: $0) }
            rest = rest.dropFirst(3)
            return parts.count == 3 ? .rgb(red: parts[0], green: parts[1], blue: parts[2]) : nil
        default: return nil
        }
    }
}
