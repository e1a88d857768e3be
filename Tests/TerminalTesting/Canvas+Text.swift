import TerminalUI

extension Canvas {
    /// The text of each row, without the blanks at its end.
    package var rows: [String] {
        (0..<size.height).map { y in
            var row = ""
            for x in 0..<size.width { row += text(of: cells[y * size.width + x]) }
            return String(row.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The whole text, a line a row, without blanks at the ends of rows: what a snapshot test compares.
    package var text: String { rows.joined(separator: "\n") + "\n" }

    /// The roles, row by row, as `column-column role "text"`, for what is not ``Role/text``: a snapshot's second half.
    package var roleText: String {
        var lines: [String] = []
        for y in 0..<size.height {
            var x = 0
            while x < size.width {
                let style = cells[y * size.width + x].style
                var end = x
                var text = ""
                while end < size.width, cells[y * size.width + end].style == style {
                    text += self.text(of: cells[y * size.width + end])
                    end += 1
                }
                let role = styles[Int(style)].role
                if role != .text { lines.append("\(y + 1):\(x + 1)-\(end) \(role) \"\(text)\"") }
                x = end
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Areas as boxes with their names and sizes, drawn in lines: what tests of layouts compare.
    package static func sketch(_ areas: [String: Rect], size: Size) -> String {
        var canvas = Canvas(size: size)
        for (name, rect) in areas.sorted(by: { $0.key < $1.key }) where !rect.isEmpty {
            let label = "\(name) \(rect.size)"
            if rect.width >= 2, rect.height >= 2 {
                canvas.box(rect, title: label)
            } else {
                canvas.write("[" + label + "]", at: rect.origin, in: rect)
            }
        }
        return canvas.text
    }
}

extension Canvas: Equatable {
    /// Whether every cell shows the same in the same style.
    package static func == (left: Canvas, right: Canvas) -> Bool {
        left.size == right.size && GridDifference(from: left, to: right).runs.isEmpty
    }
}
