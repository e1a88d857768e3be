import Lifecycle

/// Writes each event as one line of JSON (docs/events.md).
package struct JSONReporter: Reporter {
    private let sink: TextSink

    package init(to sink: TextSink) { self.sink = sink }

    /// Writes the event.
    package mutating func handle(_ event: LifecycleEvent) {
        sink.write(EventLine.bytes(of: event))
    }
}
