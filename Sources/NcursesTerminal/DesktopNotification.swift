/// How a terminal shows a message on the desktop.
///
/// A terminal that is not known to do so gets the bell: what it does not understand, it might print. Sources: the manuals of
/// [iTerm2](https://iterm2.com/documentation-escape-codes.html), kitty, WezTerm, foot, Ghostty and rxvt-unicode.
enum DesktopNotification {
    /// `OSC 9 ; text`, of iTerm2.
    case iTerm
    /// `OSC 777 ; notify ; title ; text`, of rxvt-unicode.
    case rxvt
    case bell

    init(environment: [String: String]) {
        let name = environment["TERM"] ?? ""
        // tmux and screen pass on the bell alone.
        guard environment["TMUX"] == nil, environment["STY"] == nil else {
            self = .bell
            return
        }
        switch environment["TERM_PROGRAM"] {
        case "iTerm.app", "ghostty": self = .iTerm
        case "WezTerm": self = .rxvt
        default:
            if ["xterm-kitty", "xterm-ghostty"].contains(name) {
                self = .iTerm
            } else {
                self = name == "foot" || name.hasPrefix("foot-") || name.hasPrefix("rxvt-unicode") ? .rxvt : .bell
            }
        }
    }

    /// The bytes that show a text, without anything in it that would end it or begin a command.
    func sequence(for text: String) -> String {
        let clean = String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) && $0 != ";"
                }.prefix(200)))
        switch self {
        case .iTerm: return "\u{1B}]9;\(clean)\u{7}"
        case .rxvt: return "\u{1B}]777;notify;mixpack;\(clean)\u{7}"
        case .bell: return "\u{7}"
        }
    }
}
