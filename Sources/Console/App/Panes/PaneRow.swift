import TerminalUI

/// A row of a list.
struct PaneRow: Sendable {
    var line: StyledLine
    /// What stands at the right end and is not cut.
    var trailing: StyledLine?
    /// Whether the cursor may stand on it; a heading is passed over in colour only.
    var isHeading = false

    init(_ line: StyledLine, trailing: StyledLine? = nil, isHeading: Bool = false) {
        self.line = line
        self.trailing = trailing
        self.isHeading = isHeading
    }

    static func heading(_ text: String) -> PaneRow { PaneRow(StyledLine(text, .heading), isHeading: true) }

    /// The row as it is copied.
    var text: String {
        let text = line.text
        return trailing.map { text + "  " + $0.text } ?? text
    }
}
