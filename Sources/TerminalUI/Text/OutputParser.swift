/// Turns lines of a child's output into styled text: colours are kept, every other escape sequence is dropped, a carriage
/// return begins the line anew, tabs become blanks.
///
/// Colours may go on from one line to the next, so one parser takes all the lines of one stream, in order.
package struct OutputParser: Sendable {
    private var state = SGRState()

    package init() {}

    /// The line as it would stay on a terminal; `role` is what its own colours are laid over.
    package mutating func parse(_ line: some StringProtocol, role: Role = .log) -> StyledLine {
        if state == SGRState(), !line.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) {
            return StyledLine(String(line), role)
        }
        var builder = OutputLine(role: role)
        var scalars = line.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "\u{1B}": escape(&scalars)
            case "\u{9B}": control(&scalars)
            case "\u{9D}", "\u{90}", "\u{98}", "\u{9E}", "\u{9F}": skipString(&scalars)
            case "\r": builder.carriageReturn()
            case "\u{8}": builder.backspace()
            case "\t": builder.tab(state)
            case _ where Glyph.isControl(scalar): break
            default: builder.put(scalar, state)
            }
        }
        return builder.line
    }

    private mutating func escape(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
        switch scalars.next() {
        case "[": control(&scalars)
        case "]", "P", "X", "^", "_": skipString(&scalars)
        case let scalar? where (0x20...0x2F).contains(scalar.value):
            // Intermediate bytes, then one final byte: choosing a character set and the like.
            while let next = scalars.next(), (0x20...0x2F).contains(next.value) {}
        default: break
        }
    }

    /// A control sequence behind its `ESC [`; one that is cut short by the line's end is dropped.
    private mutating func control(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
        var text = ""
        while let scalar = scalars.next() {
            guard (0x40...0x7E).contains(scalar.value) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            guard scalar == "m", !text.hasPrefix("?"), !text.hasPrefix(">") else { return }
            let parts = text.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }
            state.apply(parts.map { Int($0) ?? 0 })
            return
        }
    }

    /// A string for the terminal (a title, a link's address), up to BEL, ST or the line's end.
    private func skipString(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
        var last: Unicode.Scalar?
        while let scalar = scalars.next() {
            if scalar == "\u{7}" || scalar == "\u{9C}" || (last == "\u{1B}" && scalar == "\\") { return }
            last = scalar
        }
    }
}

/// The colours and attributes that a child's output has switched on.
///
/// Specification: [ECMA-48](https://ecma-international.org/publications-and-standards/standards/ecma-48/), "SGR".
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
            case 1, 2, 3, 4, 7, 9: attributes.formUnion(SGRState.codes[code] ?? [])
            case 22: attributes.subtract([.bold, .dim])
            case 23, 24, 27, 29: attributes.subtract(SGRState.codes[code - 20] ?? [])
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

    private static let codes: [Int: TextAttributes] = [
        1: .bold, 2: .dim, 3: .italic, 4: .underline, 7: .reverse, 9: .strike,
    ]

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

/// A line of output being put together, scalar by scalar, as a terminal would.
struct OutputLine {
    private let role: Role
    private var scalars: [(scalar: Unicode.Scalar, state: SGRState)] = []
    private var position = 0
    private let tabWidth = 8

    init(role: Role) {
        self.role = role
    }

    mutating func put(_ scalar: Unicode.Scalar, _ state: SGRState) {
        if position < scalars.count {
            scalars[position] = (scalar, state)
        } else {
            scalars.append((scalar, state))
        }
        position += 1
    }

    mutating func tab(_ state: SGRState) {
        repeat { put(" ", state) } while position % tabWidth != 0
    }

    mutating func carriageReturn() {
        position = 0
    }

    mutating func backspace() {
        position = max(0, position - 1)
    }

    /// The text in pieces of one style.
    var line: StyledLine {
        var line = StyledLine()
        var current: SGRState?
        var text = String.UnicodeScalarView()
        for (scalar, state) in scalars {
            if let last = current, last != state { flush(&text, last, into: &line) }
            current = state
            text.append(scalar)
        }
        if let current { flush(&text, current, into: &line) }
        return line
    }

    private func flush(_ text: inout String.UnicodeScalarView, _ state: SGRState, into line: inout StyledLine) {
        guard !text.isEmpty else { return }
        let style = Style(
            role, foreground: state.foreground, background: state.background, attributes: state.attributes)
        line.spans.append(Span(String(text), style: style))
        text = String.UnicodeScalarView()
    }
}
