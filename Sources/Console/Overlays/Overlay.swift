/// What lies over a screen and has the keys.
enum Overlay: Sendable {
    case help(ActionList)
    case palette(ActionList)
    case confirmation(Confirmation)
    case prompt(Prompt)
    case picker(Picker)
    case viewer(Viewer)
}
