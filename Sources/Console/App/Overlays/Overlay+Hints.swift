import TerminalUI

extension Overlay {
    /// Whether text is typed into it.
    var takesText: Bool {
        switch self {
        case .actions, .prompt: true
        case .confirmation, .picker, .viewer: false
        }
    }

    /// What the footer says while it is open.
    var hints: [KeyHint] {
        switch self {
        case .actions: Self.hints(("Esc", "close"), ("Enter", "do it"), ("Up Down", "choose"))
        case .confirmation: Self.hints(("y", "yes"), ("n", "no"))
        case .prompt(let prompt) where !prompt.history.entries.isEmpty:
            Self.hints(("Enter", "accept"), ("Esc", "leave"), ("Up Down", "earlier ones"))
        case .prompt: Self.hints(("Enter", "accept"), ("Esc", "leave"), ("C-u", "empty"))
        case .picker: Self.hints(("Enter", "choose"), ("Esc", "close"))
        case .viewer: Self.hints(("Esc", "close"), ("j k", "scroll"), ("< >", "sideways"), ("y", "copy"))
        }
    }

    private static func hints(_ hints: (key: String, text: String)...) -> [KeyHint] {
        hints.map { KeyHint(key: $0.key, text: $0.text) }
    }
}
