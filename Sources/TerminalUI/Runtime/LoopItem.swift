/// What can reach a loop besides events of the terminal.
enum LoopItem<State: Sendable, Message: Sendable>: Sendable {
    /// A message; `work` is the work that sent it, nil for one from outside.
    case message(Message, work: UInt64?)
    /// Work under way has ended.
    case ended(work: UInt64)
    /// The terminal is ours again.
    case terminalResumed(Message?)
    /// Whoever runs the loop wants it to end.
    case cancelled
    /// Somebody waits for a state.
    case probe(LoopProbe<State>)
}

/// Somebody who waits for the loop to come to a state.
struct LoopProbe<State: Sendable>: Sendable {
    /// Whether nothing may be under way, too.
    let needsIdle: Bool
    /// What the state must be like.
    let condition: @Sendable (State) -> Bool
    /// Told the state once it is so; nil if the loop ends before.
    let answer: @Sendable (State?) -> Void
}
