import Lifecycle
import Reports
import SystemPackage
import TestSupport

@testable import Console

/// The recordings of samples/, as `mixpack replay` shows them: a state is a recording, a time in it, and some keys.
enum ReplayScenes {
    static func all() throws -> [Scene] {
        let umbrella = try events("umbrella")
        let broken = try events("broken")
        return [
            replay("replay-beginning", umbrella, at: 0.05),
            replay("replay-middle", umbrella, at: 0.6),
            replay("replay-end", umbrella, at: 1.1),
            replay("replay-paused", umbrella, at: 0.5, "p"),
            replay("replay-image", umbrella, at: 1.1, "5"),
            replay("replay-broken", broken, at: 1.1),
            replay("replay-broken-at-error", broken, at: 1.1, "e"),
            replay("replay-broken-problems", broken, at: 1.1, "Tab"),
        ]
    }

    /// - Parameter part: how much of the recording's time has passed.
    private static func replay(
        _ name: String, _ events: [LifecycleEvent], at part: Double, _ keys: String...
    ) -> Scene {
        let length = events.last?.time ?? 0
        return Scene(
            name: name, start: .replay(name: "sample.events", events: events), keys: keys, seconds: length * part)
    }

    private static func events(_ name: String) throws -> [LifecycleEvent] {
        try Recording(contentsOf: repositoryFolder().appending("samples/recordings/\(name).events")).events
    }
}
