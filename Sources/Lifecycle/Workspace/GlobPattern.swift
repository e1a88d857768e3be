import Text

/// A pattern for paths as Go's `filepath.Match` has it: `*` and `?` stay within one part, `[a-z]` and `\` as in shells.
struct GlobPattern {
    private let parts: [NamePattern]

    /// Reads a pattern; `nil` for one that is malformed, or that leads out of the folder.
    /// - Parameter root: an absolute pattern counts from here, where it begins with it.
    init?(_ text: String, root: String) {
        var text = text[...]
        if text.hasPrefix("/") {
            guard text == root || text.hasPrefix(root + "/") else { return nil }
            text = text.dropFirst(root.count)
        }
        var parts: [NamePattern] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(NamePattern(part, .go))
            }
        }
        guard !parts.isEmpty, parts.allSatisfy(\.isWellFormed) else { return nil }
        self.parts = parts
    }

    /// Whether a path relative to the folder matches, part by part.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        return names.count == parts.count
            && zip(parts, names).allSatisfy { $0.matches($1) }
    }
}
