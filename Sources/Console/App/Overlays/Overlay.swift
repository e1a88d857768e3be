import TerminalUI

/// What lies over a screen and has the keys.
enum Overlay: Sendable {
    /// The help or the palette.
    case actions(ActionPicker<Action>)
    case confirmation(Confirmation)
    case prompt(Prompt)
    case picker(Picker)
    case viewer(Viewer)
}
