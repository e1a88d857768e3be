import TerminalUI

/// A line of the key table: what an action is called, which keys it has, and where they count.
struct KeyBinding: Sendable {
    let action: Action
    let group: KeyGroup
    /// The keys, as they are written in config.toml.
    let keys: [String]
    /// What the footer says, in a word or two; empty keeps it out of the footer.
    let hint: String
    /// What help, palette and docs/keys.md say.
    let help: String
    /// The flag that does the same from the command line, where there is one.
    let flag: String?

    init(_ action: Action, _ group: KeyGroup, _ keys: [String], hint: String = "", _ help: String, flag: String? = nil)
    {
        self.action = action
        self.group = group
        self.keys = keys
        self.hint = hint
        self.help = help
        self.flag = flag
    }

    /// The line as the key map takes it.
    var row: KeyAction<Action> {
        KeyAction(action, help, hint: hint, group: group.title, in: group.context, keys: keys)
    }
}
