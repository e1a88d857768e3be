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
