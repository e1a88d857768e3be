/// One line of text in several styles.
public struct StyledLine: Hashable, Sendable {
    /// The pieces, from left to right.
    public var spans: [Span]

    /// A line of pieces.
    public init(_ spans: [Span] = []) {
        self.spans = spans
    }

    /// A line in one role.
    public init(_ text: String, _ role: Role = .text) {
        spans = text.isEmpty ? [] : [Span(text, role)]
    }

    /// The text without its styles.
    public var text: String { spans.reduce(into: "") { $0 += $1.text } }

    /// The columns that the line takes.
    public var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }

    /// The line with a piece at its end.
    public func adding(_ text: String, _ role: Role = .text) -> StyledLine {
        StyledLine(spans + [Span(text, role)])
    }

    /// Puts a piece at the end.
    public mutating func append(_ text: String, _ role: Role = .text) {
        spans.append(Span(text, role))
    }

    /// One line behind the other.
    public static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        StyledLine(left.spans + right.spans)
    }
}

extension StyledLine: ExpressibleByStringLiteral {
    /// A line of running text.
    public init(stringLiteral value: String) {
        self.init(value, .text)
    }
}

extension StyledLine: ExpressibleByArrayLiteral {
    /// A line of pieces.
    public init(arrayLiteral elements: Span...) {
        self.init(elements)
    }
}
