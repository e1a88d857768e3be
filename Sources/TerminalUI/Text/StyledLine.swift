/// One line of text in several styles.
package struct StyledLine: Hashable, Sendable {
    package var spans: [Span]

    package init(_ spans: [Span] = []) {
        self.spans = spans
    }

    package init(_ text: String, _ role: Role = .text) {
        spans = text.isEmpty ? [] : [Span(text, role)]
    }

    /// The text without its styles.
    package var text: String { spans.reduce(into: "") { $0 += $1.text } }

    package var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }

    package func adding(_ text: String, _ role: Role = .text) -> StyledLine {
        StyledLine(spans + [Span(text, role)])
    }

    package mutating func append(_ text: String, _ role: Role = .text) {
        spans.append(Span(text, role))
    }

    package static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        StyledLine(left.spans + right.spans)
    }
}

extension StyledLine: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value, .text)
    }
}

extension StyledLine: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Span...) {
        self.init(elements)
    }
}

/// A piece of text in one style.
package struct Span: Hashable, Sendable {
    /// The text, on one line.
    package var text: String
    package var style: Style

    package init(_ text: String, style: Style) {
        self.text = text
        self.style = style
    }

    package init(_ text: String, _ role: Role = .text) {
        self.init(text, style: Style(role))
    }
}

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
