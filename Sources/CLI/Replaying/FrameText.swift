import TerminalUI

/// The characters and escape sequences that turn one frame into another, on a terminal that is told nothing else.
struct FrameText {
    private let frame: Frame
    private let depth: ColorDepth
    private(set) var text = ""

    /// - Parameter old: the canvas that is shown; without one, the screen is cleared first.
    init(_ frame: Frame, from old: Canvas?, depth: ColorDepth) {
        self.frame = frame
        self.depth = depth
        if old == nil { text = "\u{1B}[?25l\u{1B}[2J" }
        for run in GridDifference(from: old, to: frame.canvas).runs { write(run) }
    }

    private mutating func write(_ run: GridDifference.Run) {
        text += "\u{1B}[\(run.y + 1);\(run.columns.lowerBound + 1)H"
        var style: Style?
        for x in run.columns {
            guard let cell = frame.canvas[Point(x: x, y: run.y)], cell.width > 0 else { continue }
            if cell.style != style {
                style = cell.style
                text += sequence(for: cell.style)
            }
            text += cell.text
        }
        text += "\u{1B}[0m"
    }

    private func sequence(for style: Style) -> String {
        let appearance = frame.theme.appearance(of: style, depth: depth)
        var codes = ["0"] + Self.codes.filter { appearance.attributes.contains($0.0) }.map(\.1)
        if let number = appearance.foreground { codes.append(code(number, base: 30)) }
        if let number = appearance.background { codes.append(code(number, base: 40)) }
        return "\u{1B}[\(codes.joined(separator: ";"))m"
    }

    private static let codes: [(TextAttributes, String)] = [
        (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"), (.strike, "9"),
    ]

    /// The code of a colour: one of the first 16 or of the 256, or its parts.
    private func code(_ number: Int32, base: Int32) -> String {
        switch (depth, number) {
        case (_, 0..<8): "\(base + number)"
        case (.direct, _): "\(base + 8);2;\(number >> 16);\(number >> 8 & 255);\(number & 255)"
        case (_, 8..<16): "\(base + 52 + number)"
        case (_, _): "\(base + 8);5;\(number)"
        }
    }
}
