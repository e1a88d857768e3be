/// A question with the keys that answer it: `y cancel the build   n go on`.
///
/// Esc and `q` are for the caller to take as "no": nothing is lost by them, nor by Enter.
package struct Dialog: Sendable {
    private let title: String
    private let text: [StyledLine]
    private let choices: [DialogChoice]

    /// A question; `text` is wrapped to the dialog's width.
    package init(title: String, text: [StyledLine], choices: [DialogChoice]) {
        self.title = title
        self.text = text
        self.choices = choices
    }

    package func choice(for chord: KeyChord) -> Int? {
        choices.firstIndex { $0.key == chord }
    }

    /// Draws the dialog in the middle of `rect`, no larger than its text needs.
    package func draw(in rect: Rect, on canvas: inout Canvas) {
        let width = min(max(widest + 4, 30), max(0, rect.width - 2), 76)
        let lines = text.flatMap { $0.wrapped(width: max(1, width - 4)) }
        let box = rect.centered(Size(width: width, height: lines.count + 4))
        let inside = canvas.overlay(box, title: title)
        canvas.draw(lines, in: inside.split(bottom: 2).rest)
        canvas.draw(buttons, in: inside, row: inside.height - 1)
    }

    private var buttons: StyledLine {
        var line = StyledLine()
        for choice in choices {
            line.append(" \(choice.key) ", .hintKey)
            line.append("\(choice.title)  ", .button)
        }
        return line
    }

    private var widest: Int { max(buttons.columns, text.map(\.columns).max() ?? 0) }
}

/// A way out of a dialog, by a key.
package struct DialogChoice: Hashable, Sendable {
    package let key: KeyChord
    /// What it does: a word or two.
    package let title: String

    package init(key: KeyChord, title: String) {
        self.key = key
        self.title = title
    }
}

extension Canvas {
    /// Draws an empty dialog over what is there; gives the rectangle for its content.
    package mutating func overlay(_ rect: Rect, title: String, counter: String = "") -> Rect {
        let rect = bounds.intersection(rect)
        fill(rect, .dialog)
        return box(rect, title: title, counter: counter, border: .dialogBorder, titleRole: .dialogTitle)
            .inset(columns: 1, rows: 0)
    }
}
