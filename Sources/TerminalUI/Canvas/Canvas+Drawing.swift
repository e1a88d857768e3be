extension Canvas {
    /// Fills a rectangle with blanks of a role.
    package mutating func fill(_ rect: Rect, _ role: Role = .text) {
        fill(rect, style: Style(role))
    }

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

    /// Draws a frame with its title in the upper border and a counter at the right end of it.
    ///
    /// `┌─Layers──────── 3 of 7 ┐`. Gives the rectangle inside.
    ///
    /// The title is cut before the counter is; of one with parts, which two blanks divide, the last are left out first. Nothing
    /// is drawn in a rectangle of less than 2x2.
    @discardableResult
    package mutating func box(
        _ rect: Rect, title: String = "", counter: String = "", focused: Bool = false, border: Role? = nil,
        titleRole: Role? = nil
    ) -> Rect {
        let inside = rect.inset()
        guard rect.width >= 2, rect.height >= 2 else { return inside }
        let style = Style(border ?? (focused ? .borderFocused : .border))
        frame(rect, style: style)
        var top = rect.row(0).inset(columns: 2, rows: 0)
        if !counter.isEmpty, counter.columns + 2 <= top.width {
            let parts = top.split(right: counter.columns + 1)
            write(" \(counter) ", at: parts.right.origin, .borderCounter)
            top = parts.rest.split(right: 1).rest
        }
        guard !title.isEmpty, !top.isEmpty else { return inside }
        let role = titleRole ?? (focused ? .borderTitleFocused : .borderTitle)
        write(Self.fitted(title, to: top.width), at: top.origin, in: top, role)
        return inside
    }

    private static func fitted(_ title: String, to width: Int) -> String {
        guard title.columns > width else { return title }
        var parts = title.split(separator: "  ")
        while parts.count > 1, parts.joined(separator: "  ").columns > width { parts.removeLast() }
        return parts.joined(separator: "  ").truncated(to: width)
    }

    private mutating func frame(_ rect: Rect, style: Style) {
        let right = rect.maxX - 1
        let bottom = rect.maxY - 1
        horizontal(from: rect.origin, length: rect.width, style: style)
        horizontal(from: Point(x: rect.x, y: bottom), length: rect.width, style: style)
        for y in (rect.y + 1)..<max(bottom, rect.y + 1) {
            write("│", at: Point(x: rect.x, y: y), style: style)
            write("│", at: Point(x: right, y: y), style: style)
        }
        write("┌", at: rect.origin, style: style)
        write("┐", at: Point(x: right, y: rect.y), style: style)
        write("└", at: Point(x: rect.x, y: bottom), style: style)
        write("┘", at: Point(x: right, y: bottom), style: style)
    }

    private mutating func horizontal(from point: Point, length: Int, style: Style) {
        let area = bounds
        guard point.y >= 0, point.y < area.maxY else { return }
        let style = index(of: style)
        for x in point.x..<(point.x + length) { put(0x2500, width: 1, style, x: x, y: point.y, area) }
    }

    /// Draws a scroll bar down `rect` for `visible` of `total` rows from `offset` on; nothing where all rows show.
    mutating func scrollbar(in rect: Rect, offset: Int, visible: Int, total: Int) {
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
