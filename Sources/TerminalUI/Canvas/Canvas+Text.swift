extension Canvas {
    /// Writes text to the right of `point` and gives the columns it took, seen or cut off.
    ///
    /// A wide glyph that would stick out of `clip` (default: the canvas) leaves a blank.
    @discardableResult
    package mutating func write(_ text: some StringProtocol, at point: Point, in clip: Rect? = nil, style: Style) -> Int
    {
        let area = clip.map(bounds.intersection) ?? bounds
        guard point.y >= area.y, point.y < area.maxY else { return text.columns }
        let style = index(of: style)
        var x = point.x
        if let count = writeASCII(text.utf8, x: x, y: point.y, area, style) { return count }
        for character in text {
            let glyph = Glyph(character)
            guard glyph.width > 0 else { continue }
            if x < area.maxX, x + glyph.width > area.x {
                put(number(of: glyph), width: UInt16(glyph.width), style, x: x, y: point.y, area)
            }
            x += glyph.width
        }
        return x - point.x
    }

    /// Writes what shows of an ASCII text, a byte a column, and gives its columns; nil for any other text.
    private mutating func writeASCII(
        _ bytes: some Collection<UInt8>, x: Int, y: Int, _ area: Rect, _ style: UInt16
    ) -> Int? {
        bytes.withContiguousStorageIfAvailable { bytes -> Int? in
            guard bytes.isASCII else { return nil }
            for index in max(0, area.x - x)..<max(0, area.x - x, min(bytes.count, area.maxX - x)) {
                let byte = bytes[index]
                put(byte < 0x20 || byte == 0x7F ? 0x20 : UInt32(byte), width: 1, style, x: x + index, y: y, area)
            }
            return bytes.count
        } ?? nil
    }

    @discardableResult
    package mutating func write(
        _ text: some StringProtocol, at point: Point, in clip: Rect? = nil, _ role: Role = .text
    ) -> Int {
        write(text, at: point, in: clip, style: Style(role))
    }

    @discardableResult
    package mutating func write(_ line: StyledLine, at point: Point, in clip: Rect? = nil) -> Int {
        var x = point.x
        for span in line.spans { x += write(span.text, at: Point(x: x, y: point.y), in: clip, style: span.style) }
        return x - point.x
    }

    /// Puts one glyph; halves of wide glyphs that it cuts become blanks.
    @inline(__always)
    mutating func put(_ glyph: UInt32, width: UInt16, _ style: UInt16, x: Int, y: Int, _ area: Rect) {
        let start = y * size.width
        guard width == 1 || (x >= area.x && x + 1 < area.maxX) else {
            for column in max(x, area.x)..<min(x + 2, area.maxX) {
                put(0x20, width: 1, style, x: column, y: y, area)
            }
            return
        }
        guard x >= area.x, x < area.maxX else { return }
        release(x, row: start)
        cells[start + x] = PackedCell(glyph: glyph, style: style, width: width)
        if width == 2 {
            release(x + 1, row: start)
            cells[start + x] = PackedCell(glyph: glyph, style: style, width: width)
            cells[start + x + 1] = PackedCell(glyph: 0, style: style, width: 0)
        }
    }

    /// Makes the other half of a wide glyph a blank, before one half is overwritten.
    @inline(__always)
    private mutating func release(_ x: Int, row: Int) {
        let width = cells[row + x].width
        if width == 1 { return }
        let other = width == 2 ? x + 1 : x - 1
        if other >= 0, other < size.width { cells[row + other] = .blank(cells[row + other].style) }
    }
}
