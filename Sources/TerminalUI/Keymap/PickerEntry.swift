/// A row of the help or the palette.
public struct PickerEntry<ID: Hashable & Sendable>: Hashable, Sendable {
    /// The action; nil for a heading.
    public let id: ID?
    /// What it does, or the heading.
    public let title: String
    /// Its keys, as shown.
    public let keys: String
    /// Why it cannot be done now; nil if it can.
    public let disabledReason: String?

    /// A row.
    public init(id: ID?, title: String, keys: String = "", disabledReason: String? = nil) {
        self.id = id
        self.title = title
        self.keys = keys
        self.disabledReason = disabledReason
    }
}
