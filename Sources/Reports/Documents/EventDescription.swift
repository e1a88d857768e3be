public import Lifecycle

/// What an event means and which fields it has: one row of docs/events.md.
public struct EventDescription: Sendable {
    /// A field of an event, beside `time` and `event`.
    public struct Field: Sendable {
        /// The key.
        public var name: String
        /// The JSON type, with `?` where the field may be missing.
        public var type: String
        /// What it says.
        public var text: String

        init(_ name: String, _ type: String, _ text: String) {
            self.name = name
            self.type = type
            self.text = text
        }

        /// Whether the field may be missing.
        public var isOptional: Bool { type.hasSuffix("?") }
    }

    /// The event.
    public var name: LifecycleEvent.Name
    /// When it comes, in one line.
    public var summary: String
    /// Its fields.
    public var fields: [Field]

    /// Every event, in the order in which they first come in a build.
    public static let all = LifecycleEvent.Name.allCases.map(EventDescription.init)
}
