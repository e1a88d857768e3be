import SystemPackage
import TerminalUI
import TestSupport

/// A picture of a screen, drawn from the snapshot of that screen: one SVG, with a background of its own.
///
/// Lines and blocks are drawn as shapes, so that no font leaves gaps between them.
struct ScreenPicture {
    /// The folder of the pictures.
    static let folder = "docs/images"

    private let screen: SnapshotScreen
    private let theme: Theme
    private let title: String

    /// - Parameter title: what the picture shows, for those who cannot see it.
    init(of snapshot: String, title: String) throws {
        screen = try SnapshotScreen(snapshot)
        guard let theme = try Theme.builtIn("dark") else { throw TestSupportError("there is no theme dark") }
        self.theme = theme
        self.title = title
    }

    private static let cell = Size(width: 9, height: 19)
    private static let margin = Size(width: 12, height: 10)
    private static let ground = "#10161F"
    private static let frame = "#3B4658"
    private static let ink = "#D8DEE9"

    /// The whole file; a line of it for each stretch of the screen that looks the same.
    var svg: String {
        let width = screen.size.width * Self.cell.width + 2 * Self.margin.width
        let height = screen.size.height * Self.cell.height + 2 * Self.margin.height
        let head = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(width) \#(height)" "#
                + #"width="\#(width)" height="\#(height)" role="img" font-size="15" "#
                + #"font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace">"#,
            "<title>\(Self.escaped(title))</title>",
            #"<rect x="0.5" y="0.5" width="\#(width - 1)" height="\#(height - 1)" rx="8" fill="\#(Self.ground)" "#
                + #"stroke="\#(Self.frame)"/>"#,
            #"<g transform="translate(\#(Self.margin.width) \#(Self.margin.height))" xml:space="preserve">"#,
        ]
        return (head + screen.rows.indices.flatMap(self.lines) + ["</g>", "</svg>"]).joined(separator: "\n") + "\n"
    }

    private func lines(ofRow y: Int) -> [String] {
        stretches(ofRow: y).flatMap { stretch -> [String] in
            let look = look(of: stretch.style)
            let ground = look.ground.map { [rect(stretch.columns, y, 0..<8, $0)] } ?? []
            return ground + shapes(stretch, y, look) + words(stretch, y, look)
        }
    }

    private struct Stretch {
        var columns: Range<Int>
        var style: Style
        var cells: ArraySlice<SnapshotScreen.Cell>
    }

    private func stretches(ofRow y: Int) -> [Stretch] {
        let row = screen.rows[y]
        var stretches: [Stretch] = []
        for x in row.indices {
            if let last = stretches.last, last.style == row[x].style {
                stretches[stretches.count - 1].columns = last.columns.lowerBound..<x + 1
            } else {
                stretches.append(Stretch(columns: x..<x + 1, style: row[x].style, cells: []))
            }
        }
        return stretches.map { Stretch(columns: $0.columns, style: $0.style, cells: row[$0.columns]) }
    }
}

// How a style looks.
extension ScreenPicture {
    private struct Look {
        var ink: String
        var ground: String?
        var attributes: TextAttributes
    }

    private func look(of style: Style) -> Look {
        let appearance = theme.appearance(of: style, depth: .direct)
        let ink = appearance.foreground.map(Self.hex)
        let ground = appearance.background.map(Self.hex)
        guard appearance.attributes.contains(.reverse) else {
            return Look(ink: ink ?? Self.ink, ground: ground, attributes: appearance.attributes)
        }
        return Look(ink: ground ?? Self.ground, ground: ink ?? Self.ink, attributes: appearance.attributes)
    }

    private static func hex(_ number: Int32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

// Text.
extension ScreenPicture {
    /// The words of a stretch, each at its own column: a font whose letters are wider or narrower moves none of the others.
    private func words(_ stretch: Stretch, _ y: Int, _ look: Look) -> [String] {
        var words: [(column: Int, text: String)] = []
        var isOpen = false
        for (x, cell) in zip(stretch.columns, stretch.cells) {
            let isText = !cell.text.allSatisfy { $0 == " " } && CellShape(cell.text) == nil
            let isASCII = cell.text.utf8.allSatisfy { $0 < 0x80 }
            if isText, isASCII, isOpen {
                words[words.count - 1].text += cell.text
            } else if isText {
                words.append((x, cell.text))
            }
            isOpen = isText && isASCII
        }
        return words.map { text($0.text, $0.column, y, look) }
    }

    private func text(_ text: String, _ x: Int, _ y: Int, _ look: Look) -> String {
        var attributes = #"x="\#(x * Self.cell.width)" y="\#(y * Self.cell.height + 14)" fill="\#(look.ink)""#
        if text.utf8.count > 1, text.utf8.allSatisfy({ $0 < 0x80 }) {
            attributes += #" textLength="\#(text.columns * Self.cell.width)""#
        }
        if look.attributes.contains(.bold) { attributes += #" font-weight="bold""# }
        if look.attributes.contains(.italic) { attributes += #" font-style="italic""# }
        if look.attributes.contains(.underline) { attributes += #" text-decoration="underline""# }
        if look.attributes.contains(.dim) { attributes += #" opacity="0.6""# }
        return "<text \(attributes)>\(Self.escaped(text))</text>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

// Lines and blocks.
extension ScreenPicture {
    private func shapes(_ stretch: Stretch, _ y: Int, _ look: Look) -> [String] {
        var strokes = ""
        var blocks: [String] = []
        for run in runs(of: stretch) {
            switch run.shape {
            case .line(let arms): strokes += path(run.columns, y, arms)
            case .block(let part, let shade): blocks.append(rect(run.columns, y, part, look.ink, shade: shade))
            case .half: blocks += run.columns.map { rect($0..<$0 + 1, y, 0..<8, look.ink, width: Self.cell.width / 2) }
            }
        }
        return (strokes.isEmpty ? [] : [#"<path d="\#(strokes)" stroke="\#(look.ink)" fill="none"/>"#]) + blocks
    }

    /// Equal shapes beside each other.
    private func runs(of stretch: Stretch) -> [(columns: Range<Int>, shape: CellShape)] {
        var runs: [(columns: Range<Int>, shape: CellShape)] = []
        for (x, cell) in zip(stretch.columns, stretch.cells) {
            guard let shape = CellShape(cell.text) else { continue }
            if let last = runs.last, last.shape == shape, last.columns.upperBound == x {
                runs[runs.count - 1].columns = last.columns.lowerBound..<x + 1
            } else {
                runs.append((x..<x + 1, shape))
            }
        }
        return runs
    }

    /// The strokes of equal cells beside each other: one stroke where they go across.
    private func path(_ columns: Range<Int>, _ y: Int, _ arms: CellShape.Arms) -> String {
        let (width, height) = (Self.cell.width, Self.cell.height)
        let middle = "\(y * height + height / 2).5"
        var path = ""
        if arms.isSuperset(of: [.left, .right]) {
            path += "M\(columns.lowerBound * width) \(middle)H\(columns.upperBound * width)"
        }
        for x in columns {
            let centre = "\(x * width + width / 2).5"
            if arms.intersection([.left, .right]) == .left { path += "M\(x * width) \(middle)H\(centre)" }
            if arms.intersection([.left, .right]) == .right { path += "M\(centre) \(middle)H\((x + 1) * width)" }
            if !arms.isDisjoint(with: [.up, .down]) {
                path += "M\(centre) " + (arms.contains(.up) ? "\(y * height)" : middle)
                path += "V" + (arms.contains(.down) ? "\((y + 1) * height)" : middle)
            }
        }
        return path
    }

    /// - Parameters:
    ///   - part: which eighths of the cell's height, from its top.
    ///   - width: how wide it is, if not as wide as its columns.
    private func rect(
        _ columns: Range<Int>, _ y: Int, _ part: Range<Int>, _ colour: String, shade: Double = 1, width: Int? = nil
    ) -> String {
        let top = y * Self.cell.height + part.lowerBound * Self.cell.height / 8
        let bottom = y * Self.cell.height + part.upperBound * Self.cell.height / 8
        return #"<rect x="\#(columns.lowerBound * Self.cell.width)" y="\#(top)" "#
            + #"width="\#(width ?? columns.count * Self.cell.width)" height="\#(bottom - top)" fill="\#(colour)""#
            + (shade == 1 ? "" : #" opacity="\#(shade)""#) + "/>"
    }
}
