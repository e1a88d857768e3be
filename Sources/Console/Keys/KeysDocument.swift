/// docs/keys.md, made from the key table.
public enum KeysDocument {
    /// The whole document.
    public static var text: String {
        var lines = [
            "# Keys", "",
            "Made from the key table (Sources/Console/Keys); `make docs` writes it anew. The same table is",
            "behind the footer, `?` and `:`. Every key can be changed in config.toml:", "", "```toml", "[keys]",
            "\"log.follow\" = [\"f\", \"F\"]", "```", "",
            "In a text field, keys type; Enter accepts, Esc leaves it as it was.",
        ]
        for group in KeyGroup.allCases {
            lines += [
                "", "## \(group.title)", "", "| Keys | Action | What it does | From the command line |",
                "|---|---|---|---|",
            ]
            for binding in KeyTable.defaults where binding.group == group {
                let keys = binding.keys.map { "`\($0)`" }.joined(separator: " ")
                let flag = binding.flag.map { "`\($0)`" } ?? ""
                lines.append("| \(keys) | `\(binding.action.rawValue)` | \(binding.help) | \(flag) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
