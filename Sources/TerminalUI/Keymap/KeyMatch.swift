/// What strokes mean.
package enum KeyMatch<ID: Hashable & Sendable>: Hashable, Sendable {
    case action(ID)
    /// The beginning of one or more sequences: wait for the next stroke.
    case prefix
    /// Nothing here.
    case none
}
