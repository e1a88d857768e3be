import TerminalUI
import TestSupport

/// A screen as a snapshot has it: its first size, as cells with their styles.
///
/// `ScreenSnapshot` in Tests/ConsoleTests writes the form that this reads.
struct SnapshotScreen {
    struct Cell: Hashable {
        /// The character; empty behind one that takes two columns.
        var text = " "
        var style = Style(.text)
    }

    let size: Size
    private(set) var rows: [[Cell]]

    /// Throws: `TestSupportError` for a line that is not as a snapshot has it.
    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        size = try Self.size(lines.popFirst() ?? "")
        rows = []
        while rows.count < size.height {
            guard let line = lines.popFirst() else { throw TestSupportError("the snapshot ends in a screen") }
            if let repeated = line.wholeMatch(of: #/\((\d+) more\)/#), let last = rows.last {
                rows += Array(repeating: last, count: Int(repeated.1) ?? 0)
            } else {
                rows.append(Self.cells(line, width: size.width))
            }
        }
        for line in lines.prefix(while: { !$0.isEmpty }) { try paint(line) }
        paintSides()
    }

    private static func size(_ line: String) throws -> Size {
        let parts = line.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2 else { throw TestSupportError("not a size: \(line)") }
        return Size(width: parts[0], height: parts[1])
    }

    private static func cells(_ line: String, width: Int) -> [Cell] {
        var cells: [Cell] = []
        for character in line {
            cells.append(Cell(text: String(character)))
            cells += Array(repeating: Cell(text: ""), count: max(0, String(character).columns - 1))
        }
        return cells + Array(repeating: Cell(), count: max(0, width - cells.count))
    }

    /// Reads a line such as `3-7: 1-9 border, 12 list.selected bold`.
    private mutating func paint(_ line: String) throws {
        guard let colon = line.firstRange(of: ": ") else { throw TestSupportError("no roles: \(line)") }
        let rows = try Self.range(line[..<colon.lowerBound])
        for part in line[colon.upperBound...].split(separator: ",") {
            let words = part.split(separator: " ")
            guard words.count > 1, let role = Role(rawValue: String(words[1])) else {
                throw TestSupportError("no role: \(part)")
            }
            var style = Style(role)
            for word in words.dropFirst(2) {
                guard let named = TextAttributes.named.first(where: { $0.name == word }) else {
                    throw TestSupportError("pictures have only the theme's colours: \(part)")
                }
                style.attributes.insert(named.attribute)
            }
            let columns = try Self.range(words[0])
            guard rows.upperBound <= size.height, columns.upperBound <= size.width else {
                throw TestSupportError("outside of the screen: \(line)")
            }
            for y in rows { for x in columns { self.rows[y][x].style = style } }
        }
    }

    /// `3-7`, counted from 1, as indices.
    private static func range(_ text: Substring) throws -> Range<Int> {
        let numbers = text.split(separator: "-").compactMap { Int($0) }
        guard let first = numbers.first, let last = numbers.last, first >= 1, last >= first else {
            throw TestSupportError("not a range: \(text)")
        }
        return first - 1..<last
    }

    /// Gives the sides of frames, which a snapshot leaves out, the style of the corner above them.
    private mutating func paintSides() {
        for y in rows.indices.dropFirst() {
            for x in rows[y].indices where rows[y][x] == Cell(text: "│") && "│┌┐".contains(rows[y - 1][x].text) {
                rows[y][x].style = rows[y - 1][x].style
            }
        }
    }
}
