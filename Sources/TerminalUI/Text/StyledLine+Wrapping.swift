extension StyledLine {
    /// The line in rows of at most `width` columns, broken at blanks where a row has one; at least one row.
    package func wrapped(width: Int) -> [StyledLine] {
        let cells = glyphs
        guard width > 0, cells.count > 0 else { return [self] }
        var rows: [StyledLine] = []
        var start = 0
        while start < cells.count {
            let end = StyledLine.rowEnd(cells, from: start, width: width)
            rows.append(StyledLine(joining: cells[start..<end]))
            start = end
            while start < cells.count, cells[start].character == " " { start += 1 }
        }
        return rows
    }

    private typealias StyledCharacter = (character: Character, style: Style)

    private var glyphs: [StyledCharacter] { spans.flatMap { span in span.text.map { ($0, span.style) } } }

    private static func rowEnd(_ cells: [StyledCharacter], from start: Int, width: Int) -> Int {
        var used = 0
        var blank: Int?
        for index in start..<cells.count {
            used += Glyph(cells[index].character).width
            if used > width {
                if cells[index].character == " " { return index }
                if let blank, blank > start { return blank }
                return max(index, start + 1)
            }
            if cells[index].character == " " { blank = index }
        }
        return cells.count
    }

    private init(joining cells: ArraySlice<StyledCharacter>) {
        self.init()
        for cell in cells {
            if let last = spans.indices.last, spans[last].style == cell.style {
                spans[last].text.append(cell.character)
            } else {
                spans.append(Span(String(cell.character), style: cell.style))
            }
        }
    }
}
