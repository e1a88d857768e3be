/// What strokes mean.
public enum KeyMatch<ID: Hashable & Sendable>: Hashable, Sendable {
    /// An action.
    case action(ID)
    /// The beginning of one or more sequences: wait for the next stroke.
    case prefix
    /// Nothing here.
    case none
}
