extension StyledLine {
    /// The line with the text at `ranges` (bytes of UTF-8, ascending) in another role.
    package func restyled(_ ranges: [Range<Int>], _ role: Role) -> StyledLine {
        guard !ranges.isEmpty else { return self }
        var result = StyledLine()
        var start = 0
        for span in spans {
            let utf8 = span.text.utf8
            var done = 0
            for range in ranges {
                let hit = range.clamped(to: start..<(start + utf8.count))
                guard !hit.isEmpty else { continue }
                result.append(span, done..<(hit.lowerBound - start), span.style)
                result.append(span, (hit.lowerBound - start)..<(hit.upperBound - start), Style(role))
                done = hit.upperBound - start
            }
            result.append(span, done..<utf8.count, span.style)
            start += utf8.count
        }
        return result
    }

    private mutating func append(_ span: Span, _ bytes: Range<Int>, _ style: Style) {
        guard !bytes.isEmpty else { return }
        let part = span.text.utf8.dropFirst(bytes.lowerBound).prefix(bytes.count)
        spans.append(Span(String(Substring(part)), style: style))
    }
}
