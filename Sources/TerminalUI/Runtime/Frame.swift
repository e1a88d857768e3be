/// What a program wants the terminal to be like: everything on it, and the modes it is in.
package struct Frame: Sendable {
    /// The cells.
    package var canvas: Canvas
    /// How roles look.
    package var theme: Theme
    /// Where the cursor is shown; nil hides it.
    package var cursor: Point?
    /// The window's title; nil leaves it.
    package var title: String?
    /// Whether pasted text is to come as ``InputEvent/paste(_:)``: only while a text field has the keys.
    package var wantsPaste: Bool
    /// Whether the mouse is the program's; otherwise the terminal selects text with it.
    package var wantsMouse: Bool

    /// A frame of cells with the cursor hidden.
    package init(
        _ canvas: Canvas, theme: Theme = .terminal, cursor: Point? = nil, title: String? = nil,
        wantsPaste: Bool = false, wantsMouse: Bool = false
    ) {
        self.canvas = canvas
        self.theme = theme
        self.cursor = cursor
        self.title = title
        self.wantsPaste = wantsPaste
        self.wantsMouse = wantsMouse
    }
}
