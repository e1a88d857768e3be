public import Lifecycle

/// A build that has been started: its events, and the two ways to end it early.
public struct BuildHandle: Sendable {
    /// What happens, up to the one terminal event.
    public var events: AsyncStream<LifecycleEvent>
    /// Asks the build to stop: TERM to its commands; the events end with `cancelled`.
    public var cancel: @Sendable () -> Void
    /// Ends the build's commands at once with KILL.
    public var kill: @Sendable () -> Void

    /// Creates a handle.
    public init(
        events: AsyncStream<LifecycleEvent>, cancel: @escaping @Sendable () -> Void,
        kill: @escaping @Sendable () -> Void
    ) {
        self.events = events
        self.cancel = cancel
        self.kill = kill
    }
}
