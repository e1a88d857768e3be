/// Something that a key, the help, the palette or a hint does: one row of the table of actions.
package struct KeyAction<ID: Hashable & Sendable>: Sendable {
    /// Which action.
    package let id: ID
    /// What it does, as help and palette say it: "Go to the next error".
    package let title: String
    /// What it does in a footer, in a word or two; empty keeps it out of footers.
    package let hint: String
    /// The heading it stands under in help.
    package let group: String
    /// Where its keys mean it.
    package let context: KeyContext
    /// Its keys, as written in settings, the first one shown in hints; may be empty.
    package let keys: [String]

    /// A row of the table.
    package init(
        _ id: ID, _ title: String, hint: String = "", group: String, in context: KeyContext = .global, keys: [String]
    ) {
        self.id = id
        self.title = title
        self.hint = hint
        self.group = group
        self.context = context
        self.keys = keys
    }
}
