import Lifecycle

/// What an event means and which fields it has: one row of docs/events.md.
struct EventDescription: Sendable {
    /// A field of an event, beside `time` and `event`.
    struct Field: Sendable {
        /// The key.
        var name: String
        /// The JSON type, with `?` where the field may be missing.
        var type: String
        /// What it says.
        var text: String

        init(_ name: String, _ type: String, _ text: String) {
            self.name = name
            self.type = type
            self.text = text
        }

        /// Whether the field may be missing.
        var isOptional: Bool { type.hasSuffix("?") }
    }

    /// The event.
    var name: LifecycleEvent.Name
    /// When it comes, in one line.
    var summary: String
    /// Its fields.
    var fields: [Field]

    /// Every event, in the order in which they first come in a build.
    static let all = LifecycleEvent.Name.allCases.map(EventDescription.init)
}
