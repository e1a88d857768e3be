extension Canvas {
    /// Draws a frame with its title in the upper border and a counter at the right end of it.
    ///
    /// `┌─Layers──────── 3 of 7 ┐`. Gives the rectangle inside.
    ///
    /// The title is cut before the counter is. Nothing is drawn in a rectangle of less than 2x2.
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
        write(title.truncated(to: top.width), at: top.origin, in: top, role)
        return inside
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

    /// Draws a horizontal rule over one row of `rect`, with a title in it where given.
    package mutating func rule(in rect: Rect, row: Int = 0, title: String = "", _ role: Role = .border) {
        let area = rect.row(row)
        horizontal(from: area.origin, length: area.width, style: Style(role))
        guard !title.isEmpty, area.width > 4 else { return }
        write(" \(title.truncated(to: area.width - 4)) ", at: Point(x: area.x + 1, y: area.y), in: area, .heading)
    }

    private mutating func horizontal(from point: Point, length: Int, style: Style) {
        let area = bounds
        guard point.y >= 0, point.y < area.maxY else { return }
        let style = index(of: style)
        for x in point.x..<(point.x + length) { put(0x2500, width: 1, style, x: x, y: point.y, area) }
    }
}
