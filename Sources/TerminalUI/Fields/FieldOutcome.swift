/// What an event did to a field.
package enum FieldOutcome: Hashable, Sendable {
    /// The text is another.
    case edited
    /// Only the cursor moved, or nothing at all: the event was the field's.
    case handled
    /// Enter: the user is done.
    case submitted
    /// Esc: the user wants out.
    case cancelled
    /// The event is none of the field's business.
    case ignored
}
