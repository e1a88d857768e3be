/// A key without its modifiers.
public enum Key: Hashable, Sendable {
    /// A key that types: the character as typed, so `G` is itself and not Shift and `g`.
    case character(Character)
    /// Enter, also what the keypad's sends.
    case enter
    /// Tab.
    case tab
    /// Escape.
    case escape
    /// Backspace.
    case backspace
    /// Delete, to the right.
    case delete
    /// Insert.
    case insert
    /// An arrow.
    case up
    /// An arrow.
    case down
    /// An arrow.
    case left
    /// An arrow.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// A function key, from 1.
    case function(Int)
}
