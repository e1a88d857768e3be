extension Canvas {
    /// Draws a scroll bar down `rect` for `visible` of `total` rows from `offset` on; nothing where all rows show.
    package mutating func scrollbar(in rect: Rect, offset: Int, visible: Int, total: Int) {
        guard total > visible, rect.height > 0, visible > 0 else { return }
        let length = max(1, rect.height * visible / total)
        let room = rect.height - length
        let start = min(room, (offset * room + (total - visible) / 2) / (total - visible))
        for row in 0..<rect.height {
            let isThumb = row >= start && row < start + length
            write(
                isThumb ? "┃" : "│", at: Point(x: rect.x, y: rect.y + row), isThumb ? .scrollbarThumb : .scrollbar)
        }
    }
}
