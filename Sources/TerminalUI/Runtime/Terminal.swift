import Diagnostics

/// A screen with keys.
///
/// One implementation draws with ncurses, one keeps all in memory.
///
/// May be called from any thread; only ``suspend()`` and ``resume()`` wait for what they do.
package protocol Terminal: Sendable {
    /// The screen's size now.
    var size: Size { get }
    /// Takes over the screen and hands every event to `events`, from any thread, until ``restore()``.
    ///
    /// Throws: ``Failure`` if there is no terminal to take over; nothing has changed then.
    func start(events: @escaping @Sendable (InputEvent) -> Void) throws(Failure)
    /// Shows a frame. Never waits: of frames that come faster than the terminal takes them the last is shown.
    func draw(_ frame: Frame)
    /// Draws all of the last frame again, whatever is on the screen.
    func redraw()
    /// Gives the screen, the keys and the standard streams to other programs.
    func suspend() async
    /// Takes the screen back after ``suspend()``.
    func resume() async
    /// Stops the process group as Ctrl-Z does, with the screen given back; on `fg` an ``InputEvent/resume`` comes.
    func stop()
    func bell()
    /// Tells a user who looks at another window, as the terminal can: a notification of the desktop, or the bell.
    func notify(_ text: String)
    /// Puts a text into the clipboard of the machine where the terminal is shown.
    func setClipboard(_ text: String)
    /// Leaves everything as it was before ``start(events:)``. Safe to call twice.
    func restore()
}

/// What a program wants the terminal to be like: everything on it, and the modes it is in.
package struct Frame: Sendable {
    package var canvas: Canvas
    package var theme: Theme
    /// Where the cursor is shown; nil hides it.
    package var cursor: Point?
    /// The window's title; nil leaves it.
    package var title: String?
    /// Whether pasted text is to come as ``InputEvent/paste(_:)``: only while a text field has the keys.
    package var wantsPaste: Bool
    /// Whether the mouse is the program's; otherwise the terminal selects text with it.
    package var wantsMouse: Bool

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
