/// Turns lines of a child's output into styled text: colours are kept, every other escape sequence is dropped, a carriage
/// return begins the line anew, tabs become blanks.
///
/// Colours may go on from one line to the next, so one parser takes all the lines of one stream, in order.
package struct OutputParser: Sendable {
    private var state = SGRState()

    /// A parser at the start of a stream.
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
