import TerminalUI

/// A step of the job, which is also a place to jump to: one value says all about it.
struct Screen: Sendable {
    /// What comes after a screen: the right end of the footer names it.
    struct Next: Sendable {
        /// What it is called, in a word or two.
        let title: String
        let action: Action
        /// Whether Enter does it, in a pane that has nothing else to do with Enter.
        var isEntered = true
    }

    /// The key that shows it, and its place among the tabs.
    let number: Int
    let title: String
    let keys: KeyGroup
    /// The panes, in the order of Tab.
    let panes: [Pane]
    /// The pane that has the keys when the screen is first shown.
    let firstPane: Pane
    /// What stands behind its title among the tabs.
    var mark: Pane.Read<String> = { _ in "" }
    /// The line above the footer while there is no message.
    var status: Pane.Read<StyledLine> = { _ in StyledLine() }
    /// The right end of that line, at most so wide.
    var progress: @Sendable (ConsoleState, _ width: Int) -> StyledLine? = { _, _ in nil }
    /// The step that follows; `nil` while there is none.
    var next: Pane.Read<Next?> = { _ in nil }
    /// What matters most in the situation that the screen is in, with what the footer calls it.
    var urgent: Pane.Read<[(action: Action, text: String)]> = { _ in [] }
    /// The place to edit, if the chosen row names none.
    var place: Pane.Read<FilePlace?> = { _ in nil }
    /// What `/`, `&`, `n` and `N` do here.
    var search: (@Sendable (SearchAction) -> ConsoleMessage)? = nil
    let layout: @Sendable (LayoutRequest, LayoutKind, Rect) -> [ConsoleLayout.Placed]

    static let all = [Screen.project, .release, .secrets, .build, .image, .run, .images]
}

extension Screen: Hashable {
    static func == (left: Screen, right: Screen) -> Bool { left.number == right.number }

    func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
