/// A version as Elixir's `Version` module reads it: `1.14.0`, `1.18.0-rc.1`, build metadata after `+`.
package struct ElixirVersion: Sendable, Hashable, CustomStringConvertible {
    /// One part of a pre-release, numbers before words.
    enum PreRelease: Sendable, Hashable {
        case number(Int)
        case word(String)
    }

    let major: Int
    let minor: Int
    /// `nil` only in requirements, where `~> 1.14` leaves it out.
    let patch: Int?
    let preRelease: [PreRelease]

    /// `nil` where Elixir would refuse it.
    package init?(_ text: some StringProtocol, allowsMissingPatch: Bool = false) {
        let core = Substring(text).split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let halves = core.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 3 || (allowsMissingPatch && numbers.count == 2) else { return nil }
        guard let major = numbers[0], let minor = numbers[1] else { return nil }
        if numbers.count == 3 && numbers[2] == nil { return nil }
        let words = halves.count == 2 ? halves[1].split(separator: ".", omittingEmptySubsequences: false) : []
        if words.contains(where: \.isEmpty) { return nil }
        self.major = major
        self.minor = minor
        patch = numbers.count == 3 ? numbers[2] : nil
        preRelease = words.map { word in Self.number(word).map { .number($0) } ?? .word(String(word)) }
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.count > 1 && text.hasPrefix("0") ? nil : Int(text)
    }

    package var description: String {
        let numbers = [major, minor, patch].compactMap { $0 }.map(String.init).joined(separator: ".")
        let words = preRelease.map { part in
            switch part {
            case .number(let number): String(number)
            case .word(let word): word
            }
        }
        return words.isEmpty ? numbers : numbers + "-" + words.joined(separator: ".")
    }
}

extension ElixirVersion: Comparable {
    package static func < (left: ElixirVersion, right: ElixirVersion) -> Bool {
        let numbers = (left.major, left.minor, left.patch ?? 0)
        let others = (right.major, right.minor, right.patch ?? 0)
        if numbers != others { return numbers < others }
        // A pre-release comes before the version that it leads to.
        if left.preRelease.isEmpty || right.preRelease.isEmpty {
            return !left.preRelease.isEmpty && right.preRelease.isEmpty
        }
        return left.preRelease.lexicographicallyPrecedes(right.preRelease, by: Self.precedes)
    }

    private static func precedes(_ left: PreRelease, _ right: PreRelease) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.number, .word): true
        case (.word, .number): false
        case (.word(let left), .word(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}

/// A requirement as Elixir's `Version` module reads it: `~> 1.14`, `>= 1.12.0 and < 2.0.0`, `1.14.0 or ~> 1.16`.
///
/// Source: [Version, "Requirements"](https://hexdocs.pm/elixir/Version.html#module-requirements).
package struct VersionRequirement: Sendable, Hashable {
    private enum Comparison: String, CaseIterable {
        // The longer signs first, so that `>=` is not read as `>`.
        case compatible = "~>"
        case notEqual = "!="
        case equal = "=="
        case atLeast = ">="
        case atMost = "<="
        case above = ">"
        case below = "<"
        case not = "!"
    }

    private struct Condition: Hashable {
        let comparison: Comparison
        let version: ElixirVersion
    }

    /// Any of these groups must hold, and in it every condition: `and` binds tighter than `or`.
    private let alternatives: [[Condition]]

    /// Reads a requirement; `nil` where Elixir would refuse it.
    package init?(_ text: String) {
        var alternatives: [[Condition]] = [[]]
        var words = Self.words(text)[...]
        while let condition = Self.takeCondition(&words) {
            alternatives[alternatives.count - 1].append(condition)
            guard let link = words.popFirst() else {
                self.alternatives = alternatives
                return
            }
            switch link {
            case "and": continue
            case "or": alternatives.append([])
            default: return nil
            }
        }
        return nil
    }

    /// Whether a version fulfils the requirement; a pre-release comes before its version, so `1.18.0-rc.1` is no `~> 1.18`.
    package func matches(_ version: ElixirVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { Self.holds($0, for: version) } }
    }

    private static func holds(_ condition: Condition, for version: ElixirVersion) -> Bool {
        let wanted = condition.version
        switch condition.comparison {
        case .equal: return version == wanted
        case .notEqual, .not: return version != wanted
        case .above: return version > wanted
        case .atLeast: return version >= wanted
        case .below: return version < wanted
        case .atMost: return version <= wanted
        case .compatible:
            return version >= wanted && version.major == wanted.major
                && (wanted.patch == nil || version.minor == wanted.minor)
        }
    }

    private static func takeCondition(_ words: inout ArraySlice<Substring>) -> Condition? {
        guard let first = words.popFirst() else { return nil }
        guard let comparison = Comparison(rawValue: String(first)) else {
            return ElixirVersion(first).map { Condition(comparison: .equal, version: $0) }
        }
        guard let word = words.popFirst() else { return nil }
        let isCompatible = comparison == .compatible
        guard let version = ElixirVersion(word, allowsMissingPatch: isCompatible) else { return nil }
        return Condition(comparison: comparison, version: version)
    }

    /// The words of a requirement; a sign needs no space after it.
    private static func words(_ text: String) -> [Substring] {
        text.split(whereSeparator: \.isWhitespace).flatMap { word -> [Substring] in
            guard let sign = Comparison.allCases.first(where: { word.hasPrefix($0.rawValue) }) else { return [word] }
            let rest = word.dropFirst(sign.rawValue.count)
            return rest.isEmpty ? [word] : [word.prefix(sign.rawValue.count), rest]
        }
    }
}
