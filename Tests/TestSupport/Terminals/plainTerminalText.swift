/// A text as a terminal got it, without its escape sequences and carriage returns.
public func plainTerminalText(_ text: String) -> String {
    var result: [Unicode.Scalar] = []
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
        switch scalar {
        case "\u{1b}": dropSequence(&rest)
        case "\r", "\u{7}", "\u{e}", "\u{f}": break
        default: result.append(scalar)
        }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: result)
    return String(view)
}

/// Drops what follows an escape: CSI up to its final byte, OSC up to BEL or ST, others one or two characters.
private func dropSequence(_ rest: inout Substring.UnicodeScalarView) {
    switch rest.popFirst() {
    case "[":
        while let scalar = rest.popFirst() {
            if (0x40...0x7e).contains(scalar.value) { return }
        }
    case "]", "P", "_", "^":
        while let scalar = rest.popFirst() {
            if scalar == "\u{7}" { return }
            if scalar == "\u{1b}", rest.first == "\\" {
                rest.removeFirst()
                return
            }
        }
    case "(", ")", "*", "+", "#", "%":
        _ = rest.popFirst()
    default:
        return
    }
}
