import Lifecycle

/// A recording that is played: how far it is and how fast.
struct Replay: Sendable {
    let name: String
    let events: [LifecycleEvent]
    /// The next event.
    private(set) var next = 0
    /// Seconds of the recording that have passed.
    private(set) var position = 0.0
    var speed = 1.0
    var isPaused = false

    init(name: String, events: [LifecycleEvent]) {
        self.name = name
        self.events = events
    }

    var isAtEnd: Bool { next >= events.count }
    var length: Double { events.last?.time ?? 0 }

    /// Goes on for some seconds and gives the events that they bring.
    mutating func advance(by seconds: Double) -> ArraySlice<LifecycleEvent> {
        guard !isPaused else { return [] }
        position += seconds * speed
        let first = next
        while next < events.count, events[next].time <= position { next += 1 }
        return events[first..<next]
    }
}
