/// A program for the terminal: a state, messages that change it, and a picture of it.
///
/// All of it is pure. `update` and `view` run on one thread, one at a time; what touches the world is an ``Effect``.
package protocol Program: Sendable {
    /// All that the program knows.
    associatedtype State: Sendable
    /// What happened.
    associatedtype Message: Sendable

    /// The state at the start, and what to do first.
    func start() -> (State, Effect<Message>)
    /// The message that an event of the terminal makes; nil to ignore it.
    ///
    /// The loop hands on every event, ``InputEvent/resize(_:)`` too: one with the size at the start comes first. It ends
    /// by itself on a ``InputEvent/hangup`` or ``InputEvent/terminate`` that is ignored.
    func message(for event: InputEvent) -> Message?
    /// Takes in a message, and says what is to happen now.
    func update(_ state: inout State, _ message: Message) -> Effect<Message>
    /// The picture of a state on a screen of `size`.
    func view(_ state: State, size: Size) -> Frame
}
