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
