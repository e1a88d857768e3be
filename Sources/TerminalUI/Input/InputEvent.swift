/// What a terminal tells the program.
package enum InputEvent: Hashable, Sendable {
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

/// Something done with the mouse.
package struct MouseEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case press(Button)
        case release(Button)
        /// The mouse moved with a button down.
        case drag(Button)
        /// The wheel turned away from the user.
        case wheelUp
        /// The wheel turned towards the user.
        case wheelDown
        case wheelLeft
        case wheelRight
    }

    package enum Button: Hashable, Sendable {
        case left
        /// The wheel.
        case middle
        case right
    }

    package let kind: Kind
    /// The cell under the pointer.
    package let point: Point
    package let modifiers: KeyModifiers

    package init(_ kind: Kind, at point: Point, modifiers: KeyModifiers = []) {
        self.kind = kind
        self.point = point
        self.modifiers = modifiers
    }
}
