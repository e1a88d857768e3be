/// Reads a file of Erlang terms, each with a full stop behind it, as `file:consult` does.
package struct ErlangTextReader {
    private let bytes: [UInt8]
    private var place = 0

    private struct Unreadable: Error {}

    /// The terms of a file; `nil` if it is not one of terms.
    package static func terms(of bytes: [UInt8]) -> [ErlangTerm]? {
        var reader = ErlangTextReader(bytes: bytes)
        return try? reader.file()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func file() throws -> [ErlangTerm] {
        var terms: [ErlangTerm] = []
        while skipBlanks() {
            terms.append(try term(depth: 0))
            try take(".")
        }
        return terms
    }

    private mutating func term(depth: Int) throws -> ErlangTerm {
        guard depth < 64, skipBlanks() else { throw Unreadable() }
        switch bytes[place] {
        case UInt8(ascii: "{"): return .tuple(try list("{", "}", depth))
        case UInt8(ascii: "["): return .list(try list("[", "]", depth))
        case UInt8(ascii: "#"): return .map(try map(depth))
        case UInt8(ascii: "<"): return .binary(try binary())
        case UInt8(ascii: "\""): return .list(try quoted("\"").map { .integer(Int($0.value)) })
        case UInt8(ascii: "'"): return .atom(String(String.UnicodeScalarView(try quoted("'"))))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return .atom(word())
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): return number()
        case _: throw Unreadable()
        }
    }

    private mutating func list(_ start: Character, _ end: Character, _ depth: Int) throws -> [ErlangTerm] {
        try take(start)
        var parts: [ErlangTerm] = []
        while !skips(end) {
            if !parts.isEmpty { try take(",") }
            parts.append(try term(depth: depth + 1))
        }
        return parts
    }

    private mutating func map(_ depth: Int) throws -> [ErlangTerm: ErlangTerm] {
        try take("#")
        try take("{")
        var pairs: [ErlangTerm: ErlangTerm] = [:]
        while !skips("}") {
            if !pairs.isEmpty { try take(",") }
            let key = try term(depth: depth + 1)
            try take("=")
            try take(">")
            pairs[key] = try term(depth: depth + 1)
        }
        return pairs
    }

    /// `<<"text">>`, `<<"text"/utf8>>`, `<<1,2,3>>`, and text in pieces, as long ones are written.
    private mutating func binary() throws -> [UInt8] {
        try take("<")
        try take("<")
        var result: [UInt8] = []
        while !skips(">") {
            if skips(",") { continue }
            guard skipBlanks() else { throw Unreadable() }
            if bytes[place] == UInt8(ascii: "\"") {
                let scalars = try quoted("\"")
                if skips("/") {
                    guard word() == "utf8" else { throw Unreadable() }
                    result += String(String.UnicodeScalarView(scalars)).utf8
                } else {
                    result += scalars.map { UInt8(truncatingIfNeeded: $0.value) }
                }
            } else {
                guard case .integer(let byte) = number(), let byte = UInt8(exactly: byte) else { throw Unreadable() }
                result.append(byte)
            }
        }
        try take(">")
        return result
    }

    /// The characters between two quotes, escapes resolved.
    private mutating func quoted(_ quote: Character) throws -> [Unicode.Scalar] {
        try take(quote)
        let start = place
        while place < bytes.count, bytes[place] != quote.asciiValue {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count else { throw Unreadable() }
        defer { place += 1 }
        return try Self.unescaped(Array(String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars))
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "s": " ", "e": "\u{1b}", "d": "\u{7f}", "b": "\u{8}", "f": "\u{c}",
        "v": "\u{b}",
    ]

    private static func unescaped(_ scalars: [Unicode.Scalar]) throws -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard index < scalars.count else { throw Unreadable() }
            let kind = scalars[index]
            let digits: ArraySlice<Unicode.Scalar>
            if kind == "x", scalars[(index + 1)...].first == "{" {
                digits = scalars[(index + 2)...].prefix { $0 != "}" }
                index += digits.count + 3
            } else if kind == "x" {
                digits = scalars[(index + 1)...].prefix(2)
                index += digits.count + 1
            } else if ("0"..."7").contains(kind) {
                digits = scalars[index...].prefix(3).prefix { ("0"..."7").contains($0) }
                index += digits.count
            } else {
                result.append(escapes[kind] ?? kind)
                index += 1
                continue
            }
            let text = String(String.UnicodeScalarView(digits))
            guard let code = UInt32(text, radix: kind == "x" ? 16 : 8), let value = Unicode.Scalar(code) else {
                throw Unreadable()
            }
            result.append(value)
        }
        return result
    }

    private mutating func word() -> String {
        let start = place
        while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "@"):
            true
        case _: false
        }
    }

    /// A whole number; a fraction is of no use here.
    private mutating func number() -> ErlangTerm {
        let start = place
        place += 1
        while place < bytes.count {
            let isFraction =
                bytes[place] == UInt8(ascii: ".") && place + 1 < bytes.count
                && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place + 1])
            guard Self.isWord(bytes[place]) || isFraction else { break }
            place += 1
        }
        return Int(String(decoding: bytes[start..<place], as: UTF8.self)).map { .integer($0) } ?? .other
    }

    /// Goes past blanks and comments.
    /// - Returns: whether anything follows.
    private mutating func skipBlanks() -> Bool {
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "%") {
                while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            } else if bytes[place] <= UInt8(ascii: " ") {
                place += 1
            } else {
                return true
            }
        }
        return false
    }

    /// Goes past a sign if it comes next.
    private mutating func skips(_ sign: Character) -> Bool {
        guard skipBlanks(), bytes[place] == sign.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func take(_ sign: Character) throws {
        guard skips(sign) else { throw Unreadable() }
    }
}
