import TerminalUI

/// A file of the project around the line where a build failed, with secrets masked.
package struct SourceExcerpt: Sendable, Hashable {
    /// The number of the first of the lines.
    package var firstLine: Int
    package var lines: [String]

    /// How many lines are read before and after the one that failed.
    package static let radius = 6
    /// How many characters of a line are kept.
    static let longest = 400

    package init(firstLine: Int, lines: [String]) {
        self.firstLine = firstLine
        self.lines = lines
    }

    /// The lines of a text around one, as they are safe to show; `nil` if the text has no such line.
    package init?(of text: String, around line: Int) {
        let all = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard line >= 1, line <= all.count else { return nil }
        let first = max(1, line - Self.radius)
        let last = min(all.count, line + Self.radius)
        self.init(firstLine: first, lines: all[(first - 1)..<last].map { Self.safe(Substring($0)) })
    }

    /// Without what a terminal would not show as a character of the text: control characters, and what turns the
    /// direction of writing, which makes code look like other code.
    private static func safe(_ line: Substring) -> String {
        var result = ""
        for scalar in line.unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control: result += scalar == "\t" ? "  " : scalar == "\r" ? "" : "·"
            case .format: result += "·"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The line of a number; `nil` if it is not among them.
    func line(_ number: Int) -> String? {
        let index = number - firstLine
        return lines.indices.contains(index) ? lines[index] : nil
    }

    /// The numbers of the lines at most `distance` away from one, without blank lines at their ends.
    func numbers(around line: Int, distance: Int) -> ClosedRange<Int> {
        var first = max(firstLine, line - distance)
        var last = min(firstLine + lines.count - 1, line + distance)
        while first < line, isBlank(first) { first += 1 }
        while last > line, isBlank(last) { last -= 1 }
        return first...max(first, last)
    }

    private func isBlank(_ number: Int) -> Bool { line(number).map { $0.allSatisfy(\.isWhitespace) } ?? true }
}
