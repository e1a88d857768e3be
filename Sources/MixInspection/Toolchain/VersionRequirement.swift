/// A requirement as Elixir's `Version` module reads it: `~> 1.14`, `>= 1.12.0 and < 2.0.0`, `1.14.0 or ~> 1.16`.
struct VersionRequirement: Sendable, Hashable {
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
    init?(_ text: String) {
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
    func matches(_ version: ElixirVersion) -> Bool {
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
