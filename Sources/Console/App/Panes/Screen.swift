import TerminalUI

/// A step of the job, which is also a place to jump to: one value says all about it.
struct Screen: Sendable {
    /// The key that shows it, and its place among the tabs.
    let number: Int
    let title: String
    let keys: KeyGroup
    /// The panes, in the order of Tab.
    let panes: [Pane]
    /// The pane that has the keys when the screen is first shown.
    let firstPane: Pane
    let layout: @Sendable (LayoutRequest, LayoutKind, Rect) -> [ConsoleLayout.Placed]
    /// The line above the footer while there is no message.
    let status: Pane.Read<StyledLine>
    /// The right end of that line, at most so wide.
    let progress: @Sendable (ConsoleState, _ width: Int) -> StyledLine?
    /// What `/`, `&`, `n` and `N` do here.
    let search: (@Sendable (SearchAction) -> ConsoleMessage)?

    static let all = [Screen.project, .release, .secrets, .build, .image]

    init(
        _ number: Int, _ title: String, keys: KeyGroup, panes: [Pane], firstPane: Pane,
        status: @escaping Pane.Read<StyledLine> = { _ in StyledLine() },
        progress: @escaping @Sendable (ConsoleState, _ width: Int) -> StyledLine? = { _, _ in nil },
        search: (@Sendable (SearchAction) -> ConsoleMessage)? = nil,
        layout: @escaping @Sendable (LayoutRequest, LayoutKind, Rect) -> [ConsoleLayout.Placed]
    ) {
        self.number = number
        self.title = title
        self.keys = keys
        self.panes = panes
        self.firstPane = firstPane
        self.status = status
        self.progress = progress
        self.search = search
        self.layout = layout
    }
}

extension Screen: Hashable {
    static func == (left: Screen, right: Screen) -> Bool { left.number == right.number }

    func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
