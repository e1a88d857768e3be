/// Reads one value in Erlang's external format, as `term_to_binary` writes it without compression.
struct ErlangTermReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    private struct Unreadable: Error {}

    /// The value; `nil` if the bytes are none of the kinds that are known here.
    static func term(of bytes: ArraySlice<UInt8>) -> ErlangTerm? {
        var reader = ErlangTermReader(bytes)
        return try? reader.whole()
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    private mutating func whole() throws -> ErlangTerm {
        guard try byte() == 131 else { throw Unreadable() }
        return try term(depth: 0)
    }

    private mutating func term(depth: Int) throws -> ErlangTerm {
        guard depth < 64 else { throw Unreadable() }
        switch try byte() {
        case 97: return .integer(Int(try byte()))
        case 98: return .integer(Int(Int32(truncatingIfNeeded: try number(4))))
        case 70:
            _ = try taken(8)
            return .other
        case 110: return try large(count: try number(1))
        case 111: return try large(count: try number(4))
        case 100: return .atom(latin(try taken(try number(2))))
        case 115: return .atom(latin(try taken(try number(1))))
        case 118: return .atom(String(decoding: try taken(try number(2)), as: UTF8.self))
        case 119: return .atom(String(decoding: try taken(try number(1)), as: UTF8.self))
        case 104: return .tuple(try terms(try number(1), depth))
        case 105: return .tuple(try terms(try number(4), depth))
        case 106: return .list([])
        case 107: return .list(try taken(try number(2)).map { .integer(Int($0)) })
        case 108:
            let parts = try terms(try number(4), depth)
            guard try term(depth: depth + 1) == .list([]) else { throw Unreadable() }
            return .list(parts)
        case 109: return .binary(Array(try taken(try number(4))))
        case 116: return .map(try pairs(try number(4), depth))
        case _: throw Unreadable()
        }
    }

    private mutating func terms(_ count: Int, _ depth: Int) throws -> [ErlangTerm] {
        // Each takes a byte at least.
        guard count <= bytes.endIndex - place else { throw Unreadable() }
        return try (0..<count).map { _ in try term(depth: depth + 1) }
    }

    private mutating func pairs(_ count: Int, _ depth: Int) throws -> [ErlangTerm: ErlangTerm] {
        guard count <= bytes.endIndex - place else { throw Unreadable() }
        var pairs: [ErlangTerm: ErlangTerm] = [:]
        for _ in 0..<count {
            let key = try term(depth: depth + 1)
            pairs[key] = try term(depth: depth + 1)
        }
        return pairs
    }

    private mutating func large(count: Int) throws -> ErlangTerm {
        _ = try taken(count + 1)
        return .other
    }

    private func latin(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private mutating func byte() throws -> UInt8 {
        guard place < bytes.endIndex else { throw Unreadable() }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func number(_ count: Int) throws -> Int {
        try taken(count).reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func taken(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - place else { throw Unreadable() }
        defer { place += count }
        return bytes[place..<(place + count)]
    }
}
