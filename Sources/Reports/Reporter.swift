import Lifecycle

/// Takes the events of one build, in their order, and tells someone about them.
///
/// The console, the plain and the JSON reporter are equals: each learns everything from the events.
package protocol Reporter: Sendable {
    mutating func handle(_ event: LifecycleEvent)
}

/// Hands each event on to several reporters, in order.
package struct ReporterGroup: Reporter {
    private var reporters: [any Reporter]

    package init(_ reporters: [any Reporter]) { self.reporters = reporters }

    package mutating func handle(_ event: LifecycleEvent) {
        for index in reporters.indices { reporters[index].handle(event) }
    }
}
