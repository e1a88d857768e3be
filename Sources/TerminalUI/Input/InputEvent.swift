/// What a terminal tells the program.
package enum InputEvent: Hashable, Sendable {
    /// A stroke.
    case key(KeyChord)
    /// A text that was pasted: no control characters but newline and tab. Never to be taken for strokes.
    case paste(String)
    case mouse(MouseEvent)
    /// The screen has another size.
    case resize(Size)
    /// The window got the keyboard, or lost it.
    case focus(Bool)
    /// The program was stopped (Ctrl-Z) and goes on.
    case resume
    /// The terminal is gone: no more input comes and nothing is seen. A program that ignores it is ended.
    case hangup
    /// A request from outside to end: SIGTERM, SIGINT sent by another program. One that ignores it is ended.
    case terminate
}
