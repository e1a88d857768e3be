extension Canvas {
    /// Fills a rectangle with blanks of a role.
    package mutating func fill(_ rect: Rect, _ role: Role = .text) {
        fill(rect, style: Style(role))
    }

    /// Fills a rectangle with blanks of a style.
    package mutating func fill(_ rect: Rect, style: Style) {
        let area = bounds.intersection(rect)
        let style = index(of: style)
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { put(0x20, width: 1, style, x: x, y: y, area) }
        }
    }

    /// Gives what is already drawn in a rectangle another role: a selected row keeps its text.
    ///
    /// A child's own colours give way to the role's, so that the row stands out; attributes stay.
    package mutating func restyle(_ rect: Rect, _ role: Role) {
        let area = bounds.intersection(rect)
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX {
                let position = y * size.width + x
                let old = styles[Int(cells[position].style)]
                cells[position].style = index(of: Style(role, attributes: old.attributes))
            }
        }
    }

    /// Draws a line in one row of `rect` (from its top, 0), cut with `…`, and `trailing` at the right end of it.
    ///
    /// `line` gives way to `trailing`, so counters and sizes stay whole while there is any room.
    package mutating func draw(_ line: StyledLine, in rect: Rect, row: Int = 0, trailing: StyledLine? = nil) {
        let area = rect.row(row)
        guard !area.isEmpty else { return }
        var room = area
        if let trailing, !trailing.spans.isEmpty {
            let parts = area.split(right: trailing.columns)
            write(trailing, at: parts.right.origin, in: parts.right)
            room = parts.rest.split(right: 1).rest
        }
        guard !room.isEmpty else { return }
        let used = write(line, at: room.origin, in: room)
        if used > room.width { mark(cutAt: room.maxX - 1, y: room.y, in: room) }
    }

    /// Draws lines from the top of `rect`; lines that do not fit below are left out.
    package mutating func draw(_ lines: [StyledLine], in rect: Rect) {
        for (row, line) in lines.prefix(rect.height).enumerated() { draw(line, in: rect, row: row) }
    }

    /// Puts `…` over the last column of a row that was cut, in the style that is there.
    private mutating func mark(cutAt x: Int, y: Int, in area: Rect) {
        guard bounds.contains(Point(x: x, y: y)) else { return }
        put(0x2026, width: 1, cells[y * size.width + x].style, x: x, y: y, area)
    }
}
