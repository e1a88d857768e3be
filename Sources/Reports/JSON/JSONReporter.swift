public import Lifecycle

/// Writes each event as one line of JSON (docs/events.md).
public struct JSONReporter: Reporter {
    private let sink: TextSink

    /// Creates a reporter.
    public init(to sink: TextSink) { self.sink = sink }

    /// Writes the event.
    public mutating func handle(_ event: LifecycleEvent) {
        sink.write(EventLine.bytes(of: event))
    }
}
