import TerminalUI

/// What lies over a screen and has the keys.
///
/// Overlays hold the messages that their answers send, so that the screen that opens one also receives its answer.
indirect enum Overlay: Sendable {
    /// The help or the palette.
    case actions(ActionPicker<Action>)
    case confirmation(Confirmation)
    case prompt(Prompt)
    case picker(Picker)
    case viewer(Viewer)

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

/// A question that only `y` answers with yes.
struct Confirmation: Sendable {
    var title: String
    var lines: [String]
    var yes: ConsoleMessage
    var no: ConsoleMessage?
    /// What Ctrl-C does while it is open; otherwise nothing.
    var interrupt: ConsoleMessage?
}

/// A list to choose one of.
struct Picker: Sendable {
    struct Item: Sendable {
        var text: String
        var detail: String = ""
        var chosen: ConsoleMessage
        /// What moving the cursor onto it does.
        var preview: ConsoleMessage?
    }

    var title: String
    var lines: [String] = []
    var items: [Item]
    var cursor = ListState()
    /// What Esc does besides closing it: undo a preview.
    var left: ConsoleMessage?
}

/// Text to read: a problem in full, a file.
struct Viewer: Sendable {
    var title: String
    var lines: [String] = []
    /// Running text in place of lines, wrapped when it is opened.
    var paragraphs: [String] = []
    /// The first line shown, and the first column.
    var top = 0
    var left = 0
    /// The figure at the right of the frame.
    var note = ""

    /// The viewer with its paragraphs as lines that fit a screen.
    func wrapped(for size: Size) -> Viewer {
        var viewer = self
        let width = max(20, min(size.width - 8, 100))
        viewer.lines += paragraphs.flatMap { TextWrap.lines($0, width: width) }
        viewer.paragraphs = []
        return viewer
    }
}
