import TerminalUI

/// Which characters a terminal has a picture for.
enum GlyphSet {
    /// All that its locale can write.
    case all
    /// Those of the Linux console, whose fonts have 256 or 512 pictures.
    case linuxConsole
    case ascii

    init(isUTF8: Bool, isLinuxConsole: Bool, wantsASCII: Bool) {
        self = !isUTF8 || wantsASCII ? .ascii : isLinuxConsole ? .linuxConsole : .all
    }

    /// The text to draw for that of a cell; `nil` if it is drawn as it is.
    func replacement(for text: String, width: Int) -> String? {
        switch self {
        case .all: return nil
        case .ascii: return ASCIIGlyphs.text(for: text, width: width)
        case .linuxConsole:
            guard let scalar = text.unicodeScalars.first, Self.isDrawing(scalar), !Self.console.contains(scalar) else {
                return nil
            }
            let glyph = Self.likeness[scalar].map(String.init)
            return glyph ?? ASCIIGlyphs.text(for: text, width: width)
        }
    }

    /// Whether a character is a sign, not a letter: letters depend on the font that the user has chosen.
    private static func isDrawing(_ scalar: Unicode.Scalar) -> Bool { (0x2000...0x2BFF).contains(scalar.value) }

    /// What the kernel's own font and those of distributions have besides letters: lines, blocks, arrows, marks.
    private static let console = Set("─│┌┐└┘├┤┬┴┼═║█▄▀▌▐░▒▓■•←↑→↓↔▲▼►◄√≈≤≥".unicodeScalars)

    /// What is most like a sign that the console lacks.
    private static let likeness: [Unicode.Scalar: Character] = [
        "✓": "√", "▸": "►", "▾": "▼", "▶": "►", "●": "•", "○": "o", "┃": "█",
    ]
}
