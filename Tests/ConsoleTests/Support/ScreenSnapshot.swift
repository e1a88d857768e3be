import TerminalTesting
import TerminalUI

/// A screen as text: its characters, and below them the role of every cell; what repeats is written once.
struct ScreenSnapshot {
    private let canvas: Canvas

    init(_ canvas: Canvas) { self.canvas = canvas }

    var text: String {
        characters.joined(separator: "\n") + "\n" + roles.joined(separator: "\n") + "\n"
    }

    /// The rows; of four or more that are the same the first, and how many follow.
    private var characters: [String] {
        Self.runs(canvas.rows).flatMap { rows, text -> [String] in
            rows.count < 4 ? rows.map { _ in text } : [text, "(\(rows.count - 1) more)"]
        }
    }

    /// `3-7: 1-9 border, 12-79 list.selected`: rows, and the columns of each role; running text and the sides of frames are
    /// left out.
    private var roles: [String] {
        let rows = (0..<canvas.size.height).map(roles)
        return Self.runs(rows).compactMap { rows, roles in
            guard !roles.isEmpty else { return nil }
            let first = rows.lowerBound + 1
            return "\(rows.count == 1 ? "\(first)" : "\(first)-\(rows.upperBound)"): \(roles)"
        }
    }

    private func roles(ofRow y: Int) -> String {
        let width = canvas.size.width
        let names = (0..<width).map { x in name(of: canvas[Point(x: x, y: y)]?.style) }
        return Self.runs(names).filter { $0.value != "text" && !isSide($0.range, ofRow: y) }.map { columns, name in
            columns.count == 1
                ? "\(columns.lowerBound + 1) \(name)" : "\(columns.lowerBound + 1)-\(columns.upperBound) \(name)"
        }.joined(separator: ", ")
    }

    /// Whether the columns are the side of a frame: its top tells its role.
    private func isSide(_ columns: Range<Int>, ofRow y: Int) -> Bool {
        columns.allSatisfy { canvas[Point(x: $0, y: y)]?.text == "│" }
    }

    /// A role, and what a child's own colours lay over it.
    private func name(of style: Style?) -> String {
        guard let style else { return "none" }
        var name = "\(style.role)"
        if let colour = style.foreground { name += " in \(colour)" }
        if let colour = style.background { name += " on \(colour)" }
        for (word, attribute) in TextAttributes.named where style.attributes.contains(attribute) { name += " \(word)" }
        return name
    }

    /// Stretches of equal values, with their indices.
    private static func runs(_ values: [String]) -> [(range: Range<Int>, value: String)] {
        var runs: [(range: Range<Int>, value: String)] = []
        for (index, value) in values.enumerated() {
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].range = last.range.lowerBound..<index + 1
            } else {
                runs.append((index..<index + 1, value))
            }
        }
        return runs
    }
}
