import TerminalUI

/// What a layout depends on besides nothing else: so that it can be worked out for drawing, for scrolling and for the
/// mouse alike.
struct LayoutRequest: Sendable {
    var screen: Screen
    var size: Size
    var focus: Pane
    /// Whether the focused pane has the whole body.
    var isZoomed = false
    /// Rows and columns that the user gave to the focused side (`+` and `_`).
    var growth = 0
    /// The panes that have something to show and the rows they would like; others are left out.
    var ideals: [Pane: Int] = [:]
}
