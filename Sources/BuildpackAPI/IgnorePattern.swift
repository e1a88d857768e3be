import Text

/// One line of a .gitignore file, as a rule for paths.
package struct IgnorePattern: Sendable, Hashable {
    package let text: String
    /// Whether it takes back what a line before it says (`!`).
    package let isNegated: Bool
    private let isForFolders: Bool
    private let parts: [NamePattern]

    /// Reads a line; `nil` for an empty one and for a comment.
    package init?(_ line: String) {
        self.text = line
        var text = line[...]
        while text.last == " ", !text.dropLast().hasSuffix("\\") { text = text.dropLast() }
        guard !text.isEmpty, !text.hasPrefix("#") else { return nil }
        isNegated = text.hasPrefix("!")
        if isNegated { text = text.dropFirst() }
        isForFolders = text.hasSuffix("/")
        if isForFolders { text = text.dropLast() }
        // A slash at the beginning or in the middle binds the pattern to the top folder.
        let isBound = text.contains("/")
        let words = text.split(separator: "/").map { NamePattern($0, .gitignore) }
        guard !words.isEmpty else { return nil }
        parts = (isBound ? [] : [NamePattern("**", .gitignore)]) + words
    }

    /// What a list of patterns says of a path: the last one that matches counts; `nil` where none does.
    static func decision(_ patterns: [IgnorePattern], _ path: String, isFolder: Bool) -> Bool? {
        patterns.last { $0.matches(path, isFolder: isFolder) }.map { !$0.isNegated }
    }

    /// Whether the pattern is about a path, relative to the top folder.
    package func matches(_ path: String, isFolder: Bool) -> Bool {
        guard isFolder || !isForFolders else { return false }
        let names = path.split(separator: "/")
        return Self.match(parts[...], names[...])
    }

    private static func match(_ parts: ArraySlice<NamePattern>, _ names: ArraySlice<Substring>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        let rest = parts.dropFirst()
        if part.isAnyDepth {
            // At the end it stands for everything below, else for any number of folders.
            if rest.isEmpty { return !names.isEmpty }
            return match(rest, names) || (!names.isEmpty && match(parts, names.dropFirst()))
        }
        guard let name = names.first else { return false }
        return part.matches(name) && match(rest, names.dropFirst())
    }
}
