/// A pattern for paths as Go's `filepath.Match` has it: `*` and `?` stay within one part, `[a-z]` and `\` as in shells.
struct GlobPattern {
    private let parts: [[Unicode.Scalar]]

    /// Reads a pattern; `nil` for one that is malformed, or that leads out of the folder.
    /// - Parameter root: an absolute pattern counts from here, where it begins with it.
    init?(_ text: String, root: String) {
        var text = text[...]
        if text.hasPrefix("/") {
            guard text == root || text.hasPrefix(root + "/") else { return nil }
            text = text.dropFirst(root.count)
        }
        var parts: [[Unicode.Scalar]] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(Array(part.unicodeScalars))
            }
        }
        guard !parts.isEmpty, parts.allSatisfy({ Self.isWellFormed($0[...]) }) else { return nil }
        self.parts = parts
    }

    /// Whether a path relative to the folder matches, part by part.
    func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        return names.count == parts.count
            && zip(parts, names).allSatisfy { Self.match($0[...], Array($1.unicodeScalars)[...]) }
    }

    private static func match(_ pattern: ArraySlice<Unicode.Scalar>, _ name: ArraySlice<Unicode.Scalar>) -> Bool {
        var (pattern, name) = (pattern, name)
        // Where to go on after the last `*` took one more.
        var retry: (pattern: ArraySlice<Unicode.Scalar>, name: ArraySlice<Unicode.Scalar>)?
        while true {
            if pattern.first == "*" {
                pattern = pattern.dropFirst()
                retry = (pattern, name)
            } else if let (rest, isMatch) = single(pattern, name.first), isMatch {
                (pattern, name) = (rest, name.dropFirst())
            } else if pattern.isEmpty && name.isEmpty {
                return true
            } else if let last = retry, !last.name.isEmpty {
                name = last.name.dropFirst()
                pattern = last.pattern
                retry = (pattern, name)
            } else {
                return false
            }
        }
    }

    /// One step of a pattern that is no `*`: what follows, and whether the scalar fits; `nil` at the end of either.
    private static func single(
        _ pattern: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar?
    ) -> (rest: ArraySlice<Unicode.Scalar>, isMatch: Bool)? {
        guard let first = pattern.first, let scalar else { return nil }
        switch first {
        case "?": return (pattern.dropFirst(), true)
        case "[": return range(pattern.dropFirst(), scalar)
        case "\\": return pattern.dropFirst().first.map { (pattern.dropFirst(2), $0 == scalar) }
        default: return (pattern.dropFirst(), first == scalar)
        }
    }

    /// A class of scalars, after its `[`; `nil` for one without end.
    private static func range(
        _ pattern: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar
    ) -> (rest: ArraySlice<Unicode.Scalar>, isMatch: Bool)? {
        var rest = pattern
        let isNegated = rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var isMatch = false
        var isFirst = true
        while let next = rest.first, next != "]" || isFirst {
            isFirst = false
            guard next != "]", next != "-", let low = bound(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest = rest.dropFirst()
                guard let end = bound(&rest) else { return nil }
                high = end
            }
            if low.value <= scalar.value, scalar.value <= high.value { isMatch = true }
        }
        return rest.first == "]" ? (rest.dropFirst(), isMatch != isNegated) : nil
    }

    private static func bound(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        if rest.first == "\\" { rest = rest.dropFirst() }
        return rest.popFirst()
    }

    private static func isWellFormed(_ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        var rest = pattern
        while let first = rest.first {
            switch first {
            case "\\":
                guard rest.count > 1 else { return false }
                rest = rest.dropFirst(2)
            case "[":
                guard let (after, _) = range(rest.dropFirst(), "x") else { return false }
                rest = after
            default: rest = rest.dropFirst()
            }
        }
        return true
    }
}
