/// A key without its modifiers.
package enum Key: Hashable, Sendable {
    /// A key that types: the character as typed, so `G` is itself and not Shift and `g`.
    case character(Character)
    /// Enter, also what the keypad's sends.
    case enter
    case tab
    case escape
    case backspace
    /// Delete, to the right.
    case delete
    case insert
    /// An arrow.
    case up
    /// An arrow.
    case down
    /// An arrow.
    case left
    /// An arrow.
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// A function key, from 1.
    case function(Int)
}
