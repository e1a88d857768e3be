extension ActionPicker {
    /// Draws the picker over the middle of `rect`; gives the cursor's place, and the rectangle of the rows.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> (cursor: Point?, rows: Rect) {
        let rows = rows
        let size = Size(width: min(76, rect.width - 2), height: min(rect.height - 2, 4 + max(rows.count, 8)))
        let count = rows.count { $0.id != nil }
        let inside = canvas.overlay(
            rect.centered(size), title: mode == .help ? "Help" : "Commands", counter: "\(count)")
        let parts = inside.split(top: 2)
        let prompt = mode == .help ? "/" : ":"
        canvas.write(prompt, at: parts.top.origin, in: parts.top, .hintKey)
        let cursor = TextFieldView(filter, placeholder: "type to narrow, Enter runs, Esc closes")
            .draw(in: parts.top.row(0).split(left: 1).rest, on: &canvas)
        ListView(count: rows.count, state: list, empty: StyledLine("nothing fits", .textDim)) { row(rows[$0]) }
            .draw(in: parts.rest, on: &canvas)
        return (cursor, parts.rest)
    }

    private func row(_ entry: PickerEntry<ID>) -> ListRow {
        guard entry.id != nil else { return ListRow(StyledLine(entry.title, .heading)) }
        var line = StyledLine("  " + entry.title, .text)
        if let reason = entry.disabledReason { line.append(" (\(reason))", .textDim) }
        return ListRow(line, trailing: StyledLine(entry.keys, .hintKey), isEnabled: entry.disabledReason == nil)
    }
}
