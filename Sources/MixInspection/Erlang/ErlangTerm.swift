/// A value of Erlang's, as Hex writes its files: configuration as text, its cache in the external format.
package enum ErlangTerm: Sendable, Hashable {
    case atom(String)
    case binary([UInt8])
    case integer(Int)
    case tuple([ErlangTerm])
    case list([ErlangTerm])
    case map([ErlangTerm: ErlangTerm])
    /// A value that nothing here needs: a fraction, a large number, a process.
    case other

    /// The text of a binary.
    package var text: String? {
        guard case .binary(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var atom: String? {
        guard case .atom(let name) = self else { return nil }
        return name
    }

    package var tuple: [ErlangTerm]? {
        guard case .tuple(let parts) = self else { return nil }
        return parts
    }

    package var list: [ErlangTerm]? {
        guard case .list(let parts) = self else { return nil }
        return parts
    }

    package var map: [ErlangTerm: ErlangTerm]? {
        guard case .map(let pairs) = self else { return nil }
        return pairs
    }

    /// The value of a key of a map; keys are atoms.
    package subscript(key: String) -> ErlangTerm? { map?[.atom(key)] }
}

extension ErlangTerm {
    /// The source that Erlang reads as this value; bytes are numbers, so that nothing has to be escaped.
    package var source: String {
        switch self {
        case .atom(let name): "'\(name.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
        case .binary(let bytes): "<<\(bytes.map(String.init).joined(separator: ","))>>"
        case .integer(let number): "\(number)"
        case .tuple(let parts): "{\(parts.map(\.source).joined(separator: ","))}"
        case .list(let parts): "[\(parts.map(\.source).joined(separator: ","))]"
        case .map(let pairs):
            "#{" + pairs.map { "\($0.key.source) => \($0.value.source)" }.sorted().joined(separator: ",") + "}"
        case .other: "undefined"
        }
    }
}
