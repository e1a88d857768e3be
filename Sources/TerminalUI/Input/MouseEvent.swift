/// Something done with the mouse.
package struct MouseEvent: Hashable, Sendable {
    /// What was done.
    package enum Kind: Hashable, Sendable {
        /// A button went down.
        case press(Button)
        /// A button came up.
        case release(Button)
        /// The mouse moved with a button down.
        case drag(Button)
        /// The wheel turned away from the user.
        case wheelUp
        /// The wheel turned towards the user.
        case wheelDown
        /// The wheel was pushed to the left.
        case wheelLeft
        /// The wheel was pushed to the right.
        case wheelRight
    }

    package enum Button: Hashable, Sendable {
        /// The main one.
        case left
        /// The wheel.
        case middle
        /// The other one.
        case right
    }

    /// What was done.
    package let kind: Kind
    /// The cell under the pointer.
    package let point: Point
    /// Keys held.
    package let modifiers: KeyModifiers

    /// An event of the mouse.
    package init(_ kind: Kind, at point: Point, modifiers: KeyModifiers = []) {
        self.kind = kind
        self.point = point
        self.modifiers = modifiers
    }
}
