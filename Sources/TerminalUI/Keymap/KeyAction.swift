/// Something that a key, the help, the palette or a hint does: one row of the table of actions.
public struct KeyAction<ID: Hashable & Sendable>: Sendable {
    /// Which action.
    public let id: ID
    /// What it does, as help and palette say it: "Go to the next error".
    public let title: String
    /// What it does in a footer, in a word or two; empty keeps it out of footers.
    public let hint: String
    /// The heading it stands under in help.
    public let group: String
    /// Where its keys mean it.
    public let context: KeyContext
    /// Its keys, as written in settings, the first one shown in hints; may be empty.
    public let keys: [String]

    /// A row of the table.
    public init(
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
