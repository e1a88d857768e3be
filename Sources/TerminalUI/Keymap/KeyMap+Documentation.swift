extension KeyMap {
    /// The table as a page of Markdown: a heading a group, a row an action.
    public func markdown(title: String) -> String {
        var text = "# \(title)\n"
        var groups: [String] = []
        for action in actions where !groups.contains(action.group) { groups.append(action.group) }
        for group in groups {
            text += "\n## \(group)\n\n| Keys | What they do | Name in settings |\n|---|---|---|\n"
            for action in actions where action.group == group {
                let keys = keys(for: action.id).map { "`\(KeyMap.escaped($0.description))`" }.joined(separator: " ")
                text += "| \(keys) | \(action.title) | `\(action.id.rawValue)` |\n"
            }
        }
        return text
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String($1) }
    }
}
