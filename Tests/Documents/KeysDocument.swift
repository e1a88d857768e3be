@testable import Console

/// docs/keys.md, and a part of docs/console.md, made from the key table.
enum KeysDocument {
    /// What can be asked for on the command line too: the actions that start something, and those that a flag sets.
    static var flags: String {
        let rows = KeyTable.defaults.compactMap { binding in
            binding.flag.map { flag in
                let keys = binding.keys.map { "`\($0)`" }.joined(separator: " ")
                return "| \(binding.help) | \(binding.group.title) | \(keys) | `\(flag)` |"
            }
        }
        return (["| Action | Where | Key | From the command line |", "|---|---|---|---|"] + rows)
            .joined(separator: "\n") + "\n"
    }

    /// The whole document.
    static var text: String {
        var lines = [
            "# Keys", "",
            "Made from the key table (`keys` of each action in Sources/Console) by `make docs`. The same table is",
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
