import CNcurses
import CTerminal
import TerminalUI

/// Draws canvases with ncurses: only the cells that changed since the last.
struct Painter {
    private let depth: ColorDepth
    private let glyphs: GlyphSet
    private var theme: Theme?
    private var shown: Canvas?
    private var pairs = ColorPairs()
    private var text: [wchar_t] = []

    init(depth: ColorDepth, glyphs: GlyphSet) {
        self.depth = depth
        self.glyphs = glyphs
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
        if let replacement = glyphs.replacement(for: glyph, width: Int(cell.width)) {
            text.append(contentsOf: replacement.unicodeScalars.map { wchar_t($0.value) })
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

/// ncurses' pairs of text and background colour, made as they are needed.
struct ColorPairs {
    private struct Pair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    private var pairs: [Pair: Int16] = [:]

    /// The pair for an appearance; where the terminal has no more of them, the terminal's own colours.
    mutating func pair(for appearance: Appearance) -> Int16 {
        let foreground = ColorPairs.color(appearance.foreground)
        let background = ColorPairs.color(appearance.background)
        guard foreground >= 0 || background >= 0 else { return 0 }
        let key = Pair(foreground: foreground, background: background)
        if let known = pairs[key] { return known }
        let next = pairs.count + 1
        guard next < min(Int(cncurses_pairs()), Int(Int16.max)) else { return 0 }
        init_extended_pair(Int32(next), foreground, background)
        pairs[key] = Int16(next)
        return Int16(next)
    }

    /// The attributes of an appearance.
    ///
    /// On 8 colours, bold stands in for bright ones.
    func attributes(of appearance: Appearance) -> attr_t {
        var result: attr_t = 0
        let wanted = appearance.attributes
        let isBright = cncurses_colors() < 16 && (8...15).contains(appearance.foreground ?? 0)
        if wanted.contains(.bold) || isBright { result |= cncurses_bold() }
        if wanted.contains(.dim) { result |= cncurses_dim() }
        if wanted.contains(.italic) { result |= cncurses_italic() }
        if wanted.contains(.underline) { result |= cncurses_underline() }
        if wanted.contains(.reverse) { result |= cncurses_reverse() }
        return result
    }

    /// The terminal's number for a colour, with bright colours as normal ones where there are but 8.
    private static func color(_ number: Int32?) -> Int32 {
        guard let number else { return -1 }
        return cncurses_colors() < 16 ? number % 8 : number
    }
}
