/// A pattern for one name, of the kind that shells have: `*`, `?`, classes such as `[a-z]`, and `\`.
package struct NamePattern: Sendable, Hashable {
    /// What its two users do differently.
    ///
    /// Sources: [gitignore](https://git-scm.com/docs/gitignore#_pattern_format),
    /// [filepath.Match](https://pkg.go.dev/path/filepath#Match).
    package enum Rules: Sendable, Hashable {
        /// As .gitignore: `[!a]` and `[^a]` negate, and a class that does not end matches nothing.
        case gitignore
        /// As Go's `filepath.Match`: only `[^a]` negates, and a pattern may be malformed.
        case go
    }

    private enum Element: Hashable {
        case anything, one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<UInt32>], isNegated: Bool)
        /// Matches nothing.
        case broken
    }

    private let elements: [Element]

    /// Whether it is `**`, which .gitignore takes for any number of folders.
    package let isAnyDepth: Bool
    /// Whether it can be read by its rules.
    package let isWellFormed: Bool

    /// Reads a pattern for one part of a path.
    package init(_ text: some StringProtocol, _ rules: Rules) {
        isAnyDepth = text == "**"
        var rest = Array(text.unicodeScalars)[...]
        var elements: [Element] = []
        while let next = rest.first { elements.append(Self.element(next, &rest, rules)) }
        self.elements = elements
        isWellFormed = !elements.contains(.broken)
    }

    private static func element(
        _ first: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>, _ rules: Rules
    ) -> Element {
        rest = rest.dropFirst()
        switch first {
        case "*": return .anything
        case "?": return .one
        case "\\":
            guard let next = rest.popFirst() else { return rules == .go ? .broken : .scalar(first) }
            return .scalar(next)
        case "[": return rules == .go ? goSet(&rest) : gitSet(&rest)
        default: return .scalar(first)
        }
    }

    /// A class of .gitignore, after its `[`: the first `]` that is not at its beginning ends it.
    private static func gitSet(_ rest: inout ArraySlice<Unicode.Scalar>) -> Element {
        guard let end = rest.dropFirst().firstIndex(of: "]") else {
            rest = []
            return .broken
        }
        var inside = rest[..<end]
        rest = rest[(end + 1)...]
        let isNegated = inside.first == "!" || inside.first == "^"
        if isNegated { inside = inside.dropFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        while let low = inside.popFirst() {
            var high = low
            if inside.first == "-", inside.count > 1 {
                inside = inside.dropFirst()
                high = inside.removeFirst()
            }
            if low.value <= high.value { ranges.append(low.value...high.value) }
        }
        return .set(ranges, isNegated: isNegated)
    }

    /// A class of Go's, after its `[`: it has at least one range, and `\` takes the next scalar as it is.
    private static func goSet(_ rest: inout ArraySlice<Unicode.Scalar>) -> Element {
        let isNegated = rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let next = rest.first, next != "]" || isFirst {
            isFirst = false
            guard next != "]", next != "-", let low = bound(&rest) else { return broken(&rest) }
            var high = low
            if rest.first == "-" {
                rest = rest.dropFirst()
                guard let end = bound(&rest) else { return broken(&rest) }
                high = end
            }
            if low.value <= high.value { ranges.append(low.value...high.value) }
        }
        guard rest.popFirst() == "]" else { return .broken }
        return .set(ranges, isNegated: isNegated)
    }

    private static func broken(_ rest: inout ArraySlice<Unicode.Scalar>) -> Element {
        rest = []
        return .broken
    }

    private static func bound(_ rest: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        if rest.first == "\\" { rest = rest.dropFirst() }
        return rest.popFirst()
    }

    package func matches(_ name: some StringProtocol) -> Bool {
        let name = Array(name.unicodeScalars)
        var (element, place) = (0, 0)
        // Where to go on after the last `*` took one more.
        var retry: (element: Int, place: Int)?
        while true {
            if element < elements.count, elements[element] == .anything {
                element += 1
                retry = (element, place)
            } else if element < elements.count, place < name.count, Self.takes(elements[element], name[place]) {
                element += 1
                place += 1
            } else if element == elements.count, place == name.count {
                return true
            } else if let last = retry, last.place < name.count {
                retry = (last.element, last.place + 1)
                (element, place) = (last.element, last.place + 1)
            } else {
                return false
            }
        }
    }

    private static func takes(_ element: Element, _ scalar: Unicode.Scalar) -> Bool {
        switch element {
        case .anything, .broken: false
        case .one: true
        case .scalar(let own): own == scalar
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }
}
