/// A value in Elixir source, as far as reading alone can tell it.
indirect enum ElixirValue: Sendable, Hashable {
    /// An atom; `true`, `false` and `nil` too.
    case atom(String)
    case string(String)
    case integer(Int)
    /// A list; keyword pairs in it are tuples of an atom and a value.
    case list([ElixirValue])
    case tuple([ElixirValue])
    /// A map's pairs, as tuples of two.
    case map([ElixirValue])
    case module(String)
    /// A call of a function of the same module without arguments: `deps()` or `deps`.
    case call(String)
    /// `@name`.
    case attribute(String)
    /// Values joined by `++` or `<>`.
    case joined([ElixirValue])
    /// Something computed.
    case unknown

    /// The pairs of a keyword list or map whose keys are atoms or strings; elements of another shape are left out.
    var pairs: [(key: String, value: ElixirValue)] {
        switch self {
        case .list(let elements), .map(let elements): elements.compactMap(\.pair)
        default: []
        }
    }

    /// The value under a key of a keyword list or map.
    subscript(key: String) -> ElixirValue? { pairs.first { $0.key == key }?.value }

    /// The elements of a list; `nil` for anything else.
    var elements: [ElixirValue]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    /// The text of a string.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The name of an atom that is not `nil`.
    var atom: String? {
        if case .atom(let name) = self, name != "nil" { name } else { nil }
    }

    /// Whether it is an atom or a string, and which.
    var name: String? { atom ?? string }

    /// Whether it is the atom `true`.
    var isTrue: Bool { self == .atom("true") }

    /// Whether some of it is computed.
    var hasUnknown: Bool {
        switch self {
        case .unknown, .call, .attribute: true
        case .list(let parts), .tuple(let parts), .map(let parts), .joined(let parts):
            parts.contains(where: \.hasUnknown)
        case .atom, .string, .integer, .module: false
        }
    }

    private var pair: (key: String, value: ElixirValue)? {
        guard case .tuple(let parts) = self, parts.count == 2, let key = parts[0].name else { return nil }
        return (key, parts[1])
    }
}
