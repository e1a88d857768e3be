extension StyledLine {
    /// How many rows of `width` columns the line takes, broken at the last column that fits; at least one.
    package func rowCount(width: Int) -> Int {
        guard width > 0 else { return 1 }
        if isASCII { return max(1, (byteCount + width - 1) / width) }
        return rowsOfAnyText(width: width).count
    }

    /// Rows `range` of the line, where it is broken at `width` columns.
    package func rows(_ range: Range<Int>, width: Int) -> [StyledLine] {
        guard width > 0 else { return [self] }
        if isASCII {
            let count = rowCount(width: width)
            return range.clamped(to: 0..<count).map { slice(bytes: ($0 * width)..<(($0 + 1) * width)) }
        }
        let rows = rowsOfAnyText(width: width)
        return Array(rows[range.clamped(to: 0..<rows.count)])
    }

    private var byteCount: Int { spans.reduce(0) { $0 + $1.text.utf8.count } }
    private var isASCII: Bool { spans.allSatisfy { $0.text.isASCII } }

    /// The part of an ASCII line at these bytes, which are its columns too.
    private func slice(bytes range: Range<Int>) -> StyledLine {
        var result = StyledLine()
        var start = 0
        for span in spans {
            let count = span.text.utf8.count
            let wanted = range.clamped(to: start..<(start + count))
            if !wanted.isEmpty {
                let utf8 = span.text.utf8
                let from = utf8.index(utf8.startIndex, offsetBy: wanted.lowerBound - start)
                let to = utf8.index(from, offsetBy: wanted.count)
                result.spans.append(Span(String(span.text[from..<to]), style: span.style))
            }
            start += count
            if start >= range.upperBound { break }
        }
        return result
    }

    private func rowsOfAnyText(width: Int) -> [StyledLine] {
        var rows = [StyledLine()]
        var used = 0
        for span in spans {
            var text = ""
            for character in span.text {
                let columns = Glyph(character).width
                if used + columns > width {
                    if !text.isEmpty { rows[rows.count - 1].spans.append(Span(text, style: span.style)) }
                    rows.append(StyledLine())
                    text = ""
                    used = 0
                }
                text.append(character)
                used += columns
            }
            if !text.isEmpty { rows[rows.count - 1].spans.append(Span(text, style: span.style)) }
        }
        return rows
    }

    /// The line in rows of at most `width` columns, broken at blanks where a row has one; at least one row.
    ///
    /// Rows after the first begin with `indent` blanks.
    package func wrapped(width: Int, indent: Int = 0) -> [StyledLine] {
        let cells = glyphs
        guard width > 0, cells.count > 0 else { return [self] }
        let indent = max(0, min(indent, width - 1))
        let margin = StyledLine(String(repeating: " ", count: indent))
        var rows: [StyledLine] = []
        var start = 0
        while start < cells.count {
            let isFirst = rows.isEmpty
            let end = StyledLine.rowEnd(cells, from: start, width: isFirst ? width : width - indent)
            let row = StyledLine(joining: cells[start..<end])
            rows.append(isFirst || indent == 0 ? row : margin + row)
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
        // Blanks in front are the line's own indent: no place to break it.
        let text = cells[start...].firstIndex { $0.character != " " } ?? cells.count
        for index in start..<cells.count {
            used += Glyph(cells[index].character).width
            if used > width {
                if cells[index].character == " " { return index }
                if let blank, blank > text { return blank }
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
