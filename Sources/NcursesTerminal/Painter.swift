import CNcurses
import CTerminal
import TerminalUI

/// Draws canvases with ncurses: only the cells that changed since the last.
struct Painter {
    private let depth: ColorDepth
    private let isASCII: Bool
    private var theme: Theme?
    private var shown: Canvas?
    private var pairs = ColorPairs()
    private var text: [wchar_t] = []

    /// A painter for a terminal in colour mode.
    init(depth: ColorDepth, isASCII: Bool) {
        self.depth = depth
        self.isASCII = isASCII
    }

    /// Forgets what is on the screen: the next canvas is drawn whole.
    mutating func forget() {
        shown = nil
    }

    /// Puts a canvas into ncurses' window; the caller refreshes.
    mutating func paint(_ canvas: Canvas, theme: Theme, screen: Size) {
        if self.theme != theme {
            self.theme = theme
            shown = nil
        }
        if shown?.size != canvas.size {
            shown = nil
            werase(cncurses_screen())
        }
        var looks = [Look?](repeating: nil, count: canvas.styles.count)
        for run in GridDifference(from: shown, to: canvas).runs where run.y < screen.height {
            draw(run, of: canvas, theme: theme, width: screen.width, &looks)
        }
        shown = canvas
    }

    /// How a style is told to ncurses.
    private struct Look {
        let attributes: attr_t
        let pair: Int16
    }

    private mutating func draw(
        _ run: GridDifference.Run, of canvas: Canvas, theme: Theme, width: Int, _ looks: inout [Look?]
    ) {
        let row = run.y * canvas.size.width
        var start = run.columns.lowerBound
        text.removeAll(keepingCapacity: true)
        var style: UInt16?
        for x in run.columns where x < width {
            let cell = canvas.cells[row + x]
            if cell.width == 0 { continue }
            if let style, style != cell.style {
                flush(y: run.y, x: start, look(style, canvas, theme, &looks))
                start = x
            }
            style = cell.style
            append(cell, canvas)
        }
        if let style { flush(y: run.y, x: start, look(style, canvas, theme, &looks)) }
    }

    private mutating func flush(y: Int, x: Int, _ look: Look) {
        cncurses_write(Int32(y), Int32(x), text, Int32(text.count), look.attributes, look.pair)
        text.removeAll(keepingCapacity: true)
    }

    /// Appends a cell's text; what terminal and C library may measure otherwise is replaced.
    private mutating func append(_ cell: PackedCell, _ canvas: Canvas) {
        if cell.glyph < 0x7F {
            text.append(wchar_t(cell.glyph))
            return
        }
        let glyph = canvas.text(of: cell)
        guard !isASCII else {
            text.append(
                contentsOf: ASCIIGlyphs.text(for: glyph, width: Int(cell.width)).unicodeScalars.map {
                    wchar_t($0.value)
                })
            return
        }
        let scalars = glyph.unicodeScalars
        let width = scalars.reduce(0) { $0 + Int(cterminal_width($1.value)) }
        if width == Int(cell.width), scalars.allSatisfy({ cterminal_width($0.value) >= 0 }) {
            text.append(contentsOf: scalars.map { wchar_t($0.value) })
        } else {
            text.append(wchar_t(0x3F))
            if cell.width == 2 { text.append(wchar_t(0x20)) }
        }
    }

    private mutating func look(_ style: UInt16, _ canvas: Canvas, _ theme: Theme, _ looks: inout [Look?]) -> Look {
        if let known = looks[Int(style)] { return known }
        let appearance = theme.appearance(of: canvas.styles[Int(style)], depth: depth)
        let look = Look(attributes: pairs.attributes(of: appearance), pair: pairs.pair(for: appearance))
        looks[Int(style)] = look
        return look
    }
}
