/// One line of a .gitignore file, as a rule for paths.
public struct IgnorePattern: Sendable, Hashable {
    /// The line.
    public let text: String
    /// Whether it takes back what a line before it says (`!`).
    public let isNegated: Bool
    private let isForFolders: Bool
    private let parts: [[Unicode.Scalar]]

    /// Reads a line; `nil` for an empty one and for a comment.
    public init?(_ line: String) {
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
        let words = text.split(separator: "/").map { Array($0.unicodeScalars) }
        guard !words.isEmpty else { return nil }
        parts = (isBound ? [] : [["*", "*"]]) + words
    }

    /// What a list of patterns says of a path: the last one that matches counts; `nil` where none does.
    static func decision(_ patterns: [IgnorePattern], _ path: String, isFolder: Bool) -> Bool? {
        patterns.last { $0.matches(path, isFolder: isFolder) }.map { !$0.isNegated }
    }

    /// Whether the pattern is about a path, relative to the top folder.
    public func matches(_ path: String, isFolder: Bool) -> Bool {
        guard isFolder || !isForFolders else { return false }
        let names = path.split(separator: "/").map { Array($0.unicodeScalars) }
        return Self.match(parts[...], names[...])
    }

    private static func match(_ parts: ArraySlice<[Unicode.Scalar]>, _ names: ArraySlice<[Unicode.Scalar]>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        let rest = parts.dropFirst()
        if part == ["*", "*"] {
            // At the end it stands for everything below, else for any number of folders.
            if rest.isEmpty { return !names.isEmpty }
            return match(rest, names) || (!names.isEmpty && match(parts, names.dropFirst()))
        }
        guard let name = names.first else { return false }
        return matchName(part[...], name[...]) && match(rest, names.dropFirst())
    }

    private static func matchName(
        _ pattern: ArraySlice<Unicode.Scalar>, _ name: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        var (pattern, name) = (pattern, name)
        // Where to go on after the last `*` took one more.
        var retry: (pattern: ArraySlice<Unicode.Scalar>, name: ArraySlice<Unicode.Scalar>)?
        while true {
            if pattern.first == "*" {
                pattern = pattern.dropFirst()
                retry = (pattern, name)
            } else if let rest = matchOne(pattern, name.first) {
                (pattern, name) = (rest, name.dropFirst())
            } else if pattern.isEmpty, name.isEmpty {
                return true
            } else if let last = retry, !last.name.isEmpty {
                retry = (last.pattern, last.name.dropFirst())
                (pattern, name) = (last.pattern, last.name.dropFirst())
            } else {
                return false
            }
        }
    }

    /// What follows in a pattern after it took one scalar; `nil` where it does not take it.
    private static func matchOne(
        _ pattern: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar?
    ) -> ArraySlice<Unicode.Scalar>? {
        guard let first = pattern.first, let scalar else { return nil }
        switch first {
        case "?": return pattern.dropFirst()
        case "\\" where pattern.count > 1: return pattern.dropFirst().first == scalar ? pattern.dropFirst(2) : nil
        case "[":
            guard let end = pattern.dropFirst(2).firstIndex(of: "]") else { return nil }
            return isIn(pattern[(pattern.startIndex + 1)..<end], scalar) ? pattern[(end + 1)...] : nil
        default: return first == scalar ? pattern.dropFirst() : nil
        }
    }

    /// Whether a scalar is in a class such as `a-z0` or `!a`.
    private static func isIn(_ set: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar) -> Bool {
        var rest = set
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var isMatch = false
        while let low = rest.popFirst() {
            var high = low
            if rest.first == "-", rest.count > 1 {
                rest = rest.dropFirst()
                high = rest.removeFirst()
            }
            if low.value <= scalar.value, scalar.value <= high.value { isMatch = true }
        }
        return isMatch != isNegated
    }
}
