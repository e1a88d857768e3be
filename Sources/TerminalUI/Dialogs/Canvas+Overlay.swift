extension Canvas {
    /// Draws an empty dialog over what is there; gives the rectangle for its content.
    package mutating func overlay(_ rect: Rect, title: String, counter: String = "") -> Rect {
        let rect = bounds.intersection(rect)
        fill(rect, .dialog)
        return box(rect, title: title, counter: counter, border: .dialogBorder, titleRole: .dialogTitle)
            .inset(columns: 1, rows: 0)
    }
}
