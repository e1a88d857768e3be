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
