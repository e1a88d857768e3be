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
    case unknown

    /// The pairs of a keyword list or map whose keys are atoms or strings; elements of another shape are left out.
    var pairs: [(key: String, value: ElixirValue)] {
        switch self {
        case .list(let elements), .map(let elements): elements.compactMap(\.pair)
        default: []
        }
    }

    subscript(key: String) -> ElixirValue? { pairs.first { $0.key == key }?.value }

    /// The elements of a list; `nil` for anything else.
    var elements: [ElixirValue]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The name of an atom that is not `nil`.
    var atom: String? {
        if case .atom(let name) = self, name != "nil" { name } else { nil }
    }

    /// Whether it is an atom or a string, and which.
    var name: String? { atom ?? string }

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

/// Replaces calls and attributes in a value by what a module defines them as.
///
/// The number of values is bounded, so that definitions that multiply each other end as `unknown` and not in exhaustion.
struct ElixirResolver {
    private let functions: [String: ElixirValue]
    private let attributes: [String: ElixirValue]
    private var budget = 100_000

    /// The value with everything replaced that is defined.
    static func resolve(
        _ value: ElixirValue, functions: [String: ElixirValue], attributes: [String: ElixirValue]
    ) -> ElixirValue {
        var resolver = ElixirResolver(functions: functions, attributes: attributes)
        return resolver.resolve(value, calls: 0)
    }

    private init(functions: [String: ElixirValue], attributes: [String: ElixirValue]) {
        self.functions = functions
        self.attributes = attributes
    }

    private mutating func resolve(_ value: ElixirValue, calls: Int) -> ElixirValue {
        budget -= 1
        guard budget > 0, calls < 8 else { return .unknown }
        switch value {
        case .call(let name): return functions[name].map { resolve($0, calls: calls + 1) } ?? .unknown
        case .attribute(let name): return attributes[name].map { resolve($0, calls: calls + 1) } ?? .unknown
        case .list(let parts): return .list(resolve(parts, calls: calls))
        case .tuple(let parts): return .tuple(resolve(parts, calls: calls))
        case .map(let parts): return .map(resolve(parts, calls: calls))
        case .joined(let parts): return join(resolve(parts, calls: calls))
        case .atom, .string, .integer, .module, .unknown: return value
        }
    }

    private mutating func resolve(_ parts: [ElixirValue], calls: Int) -> [ElixirValue] {
        var resolved: [ElixirValue] = []
        resolved.reserveCapacity(parts.count)
        for part in parts { resolved.append(resolve(part, calls: calls)) }
        return resolved
    }

    /// Lists joined make a list, in which a part that is not known stays as one unknown element; strings make a string.
    private func join(_ parts: [ElixirValue]) -> ElixirValue {
        let texts = parts.compactMap(\.string)
        if texts.count == parts.count { return .string(texts.joined()) }
        guard parts.contains(where: { $0.elements != nil }) else { return .unknown }
        return .list(parts.flatMap { $0.elements ?? [.unknown] })
    }
}
