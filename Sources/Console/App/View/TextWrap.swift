import TerminalUI

/// Running text broken into lines at blanks.
enum TextWrap {
    /// The lines of a text in a role and a width.
    static func styled(_ text: String, width: Int, _ role: Role = .text) -> [StyledLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            StyledLine(String($0), role).wrapped(width: max(1, width))
        }
    }

    /// The lines of a text in a width.
    static func lines(_ text: String, width: Int) -> [String] { styled(text, width: width).map(\.text) }
}
extension StyledLine {
    /// The part of the line from a column on, a little more than `width` columns of it: enough to see that it goes on.
    func from(column: Int, width: Int) -> StyledLine {
        if column == 0, columns <= width { return self }
        var result = StyledLine()
        var x = 0
        for span in spans {
            guard x < column + width else { break }
            let columns = span.text.columns
            defer { x += columns }
            guard x + columns > column else { continue }
            let skipped = span.text.prefix(columns: max(0, column - x))
            let rest = span.text.dropFirst(skipped.count)
            result.spans.append(Span(rest.prefix(columns: width + column - max(x, column)), style: span.style))
        }
        return result
    }
}
