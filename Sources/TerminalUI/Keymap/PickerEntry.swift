/// A row of the help or the palette.
package struct PickerEntry<ID: Hashable & Sendable>: Hashable, Sendable {
    /// The action; nil for a heading.
    package let id: ID?
    /// What it does, or the heading.
    package let title: String
    /// Its keys, as shown.
    package let keys: String
    /// Why it cannot be done now; nil if it can.
    package let disabledReason: String?

    /// A row.
    package init(id: ID?, title: String, keys: String = "", disabledReason: String? = nil) {
        self.id = id
        self.title = title
        self.keys = keys
        self.disabledReason = disabledReason
    }
}
