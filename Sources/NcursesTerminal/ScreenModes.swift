import FoundationEssentials
import TerminalUI

/// What is switched on in the terminal besides what ncurses does, and the bytes that switch it.
///
/// Source: [xterm control sequences](https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
struct ScreenModes: Equatable {
    var wantsMouse = false
    var wantsPaste = false
    var title: String?

    /// What undoes all modes from any state, in a handler too: the alternate screen, mouse, focus, paste, cursor, colours,
    /// character set, keypad.
    static let reset =
        "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[0m\u{1B}(B\u{0F}"
        + "\u{1B}[?7h\u{1B}[r\u{1B}[?1049l\u{1B}[?25h\u{1B}[?1l\u{1B}>\r"

    static let enter = "\u{1B}[?1004h"
    static let leave = "\u{1B}[?1004l"
    static let saveTitle = "\u{1B}[22;2t"
    static let restoreTitle = "\u{1B}[23;2t"

    /// The bytes that lead from `old` to these modes.
    func changes(from old: ScreenModes, hasTitle: Bool) -> String {
        var text = ""
        if wantsMouse != old.wantsMouse {
            let end = wantsMouse ? "h" : "l"
            text += "\u{1B}[?1000\(end)\u{1B}[?1002\(end)\u{1B}[?1006\(end)"
        }
        if wantsPaste != old.wantsPaste { text += "\u{1B}[?2004\(wantsPaste ? "h" : "l")" }
        if hasTitle, title != old.title, let title {
            let clean = String(
                String.UnicodeScalarView(
                    title.unicodeScalars.filter {
                        $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value)
                    }))
            text += "\u{1B}]2;\(clean.truncated(to: 200))\u{7}"
        }
        return text
    }
}

/// A text for the clipboard of the machine where the terminal is shown, as the terminal is told (OSC 52).
enum Clipboard {
    /// The most that terminals take; what is longer is cut at a character.
    static let limit = 74_000

    static func sequence(for text: String) -> String {
        var bytes = Array(text.utf8.prefix(limit))
        while let last = bytes.last, text.utf8.count > limit, last & 0xC0 == 0x80 { bytes.removeLast() }
        if text.utf8.count > limit, let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return "\u{1B}]52;c;\(Data(bytes).base64EncodedString())\u{7}"
    }
}
