/// One line of text in several styles.
package struct StyledLine: Hashable, Sendable {
    /// The pieces, from left to right.
    package var spans: [Span]

    /// A line of pieces.
    package init(_ spans: [Span] = []) {
        self.spans = spans
    }

    /// A line in one role.
    package init(_ text: String, _ role: Role = .text) {
        spans = text.isEmpty ? [] : [Span(text, role)]
    }

    /// The text without its styles.
    package var text: String { spans.reduce(into: "") { $0 += $1.text } }

    /// The columns that the line takes.
    package var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }

    /// The line with a piece at its end.
    package func adding(_ text: String, _ role: Role = .text) -> StyledLine {
        StyledLine(spans + [Span(text, role)])
    }

    /// Puts a piece at the end.
    package mutating func append(_ text: String, _ role: Role = .text) {
        spans.append(Span(text, role))
    }

    /// One line behind the other.
    package static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        StyledLine(left.spans + right.spans)
    }
}

extension StyledLine: ExpressibleByStringLiteral {
    /// A line of running text.
    package init(stringLiteral value: String) {
        self.init(value, .text)
    }
}

extension StyledLine: ExpressibleByArrayLiteral {
    /// A line of pieces.
    package init(arrayLiteral elements: Span...) {
        self.init(elements)
    }
}
