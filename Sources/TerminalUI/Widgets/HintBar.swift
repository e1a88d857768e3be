/// The footer.
///
/// ` ?:help  q:back  tab:pane`. The first hint is never dropped; others are, from the end.
package struct HintBar {
    private let hints: [KeyHint]

    /// A footer; put the key for help first.
    package init(_ hints: [KeyHint]) {
        self.hints = hints
    }

    /// The hints that `width` columns hold.
    package func shown(width: Int) -> ArraySlice<KeyHint> {
        var used = 0
        for (index, hint) in hints.enumerated() {
            used += 1 + hint.columns
            if used > width, index > 0 { return hints[..<index] }
            used += 1
        }
        return hints[...]
    }

    /// Draws the hints in the first row of `rect`.
    package func draw(in rect: Rect, on canvas: inout Canvas) {
        let row = rect.row(0)
        var x = rect.x + 1
        for hint in shown(width: rect.width) {
            x += canvas.write(hint.key, at: Point(x: x, y: row.y), in: row, .hintKey)
            x += canvas.write(":\(hint.text)", at: Point(x: x, y: row.y), in: row, .hintText) + 2
        }
    }

    /// The hint under `point`, counted from 0.
    package func index(at point: Point, in rect: Rect) -> Int? {
        guard rect.row(0).contains(point) else { return nil }
        var x = rect.x + 1
        for (index, hint) in shown(width: rect.width).enumerated() {
            if point.x >= x, point.x < x + hint.columns { return index }
            x += hint.columns + 2
        }
        return nil
    }
}
