import Lifecycle

/// A recording that is played: how far it is and how fast.
struct Replay: Sendable {
    let name: String
    let events: [LifecycleEvent]
    /// The next event.
    private(set) var next = 0
    /// Seconds of the recording that have passed.
    private(set) var position = 0.0
    var speed: Double
    var isPaused = false

    init(name: String, events: [LifecycleEvent], speed: Double = 1) {
        self.name = name
        self.events = events
        self.speed = speed
    }

    var isAtEnd: Bool { next >= events.count }
    var length: Double { events.last?.time ?? 0 }

    /// Whether events are due that have not been given yet.
    var isBehind: Bool { !isPaused && next < events.count && events[next].time <= position }

    /// How many bytes of output, and how many events, are given at once: a key is never kept waiting for more.
    private static let budget = (bytes: 96 << 10, events: 512)

    /// Goes on for some seconds and gives the events that they bring, or the first of them where they are many.
    mutating func advance(by seconds: Double) -> ArraySlice<LifecycleEvent> {
        guard !isPaused else { return [] }
        position = min(position + seconds * speed, length)
        let first = next
        var bytes = 0
        while isBehind, next - first < Self.budget.events, bytes < Self.budget.bytes {
            if case .output(let output) = events[next].kind { bytes += output.text.utf8.count }
            next += 1
        }
        return events[first..<next]
    }
}
