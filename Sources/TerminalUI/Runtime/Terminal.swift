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
    /// Rings.
    func bell()
    /// Puts a text into the clipboard of the machine where the terminal is shown.
    func setClipboard(_ text: String)
    /// Leaves everything as it was before ``start(events:)``. Safe to call twice.
    func restore()
}
