/// Splits Elixir source into words.
///
/// It takes any bytes: what it does not understand becomes a symbol, and text without an end ends with the file.
struct ElixirTokenizer {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var tokens: [ElixirToken] = []
    private var isAttached = false

    static func tokens(of bytes: [UInt8]) -> [ElixirToken] {
        var tokenizer = ElixirTokenizer(bytes: bytes)
        tokenizer.tokens.reserveCapacity(bytes.count / 4)
        tokenizer.run()
        return tokenizer.tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n"):
                add(.newline)
                advanceLine()
                isAttached = false
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\\"):
                position += 1
                isAttached = false
            case UInt8(ascii: "#"):
                skipToLineEnd()
            default:
                let (start, first) = (position, tokens.count)
                takeToken(byte)
                for index in first..<tokens.count { tokens[index].range = start..<position }
                isAttached = true
            }
        }
    }

    private mutating func takeToken(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): takeQuoted(byte)
        case UInt8(ascii: ":"): takeAtom()
        case UInt8(ascii: "~"): takeSigil()
        case UInt8(ascii: "?"): takeCharacter()
        case UInt8(ascii: "@"): takeAttribute()
        case UInt8(ascii: ","): addByte(.comma)
        case UInt8(ascii: ";"): addByte(.newline)
        case _ where byte.isElixirDigit: takeNumber()
        case _ where byte.startsElixirWord: takeWord()
        default: takeSymbol()
        }
    }

    // MARK: - Moving

    func peek(_ offset: Int = 0) -> UInt8? {
        let index = position + offset
        return index < bytes.count ? bytes[index] : nil
    }

    func isNext(_ text: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
    }

    mutating func advanceLine() {
        line += 1
        position += 1
    }

    private mutating func skipToLineEnd() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
    }

    mutating func add(_ kind: ElixirToken.Kind, line start: Int? = nil) {
        tokens.append(
            ElixirToken(
                kind: kind, line: start ?? line, isAttached: isAttached, range: position..<position))
    }

    private mutating func addByte(_ kind: ElixirToken.Kind) {
        add(kind)
        position += 1
    }
}

extension UInt8 {
    var isElixirDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isElixirUpper: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isElixirLower: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

    /// A letter, an underscore, or a part of a letter beyond ASCII.
    var startsElixirWord: Bool { isElixirLower || isElixirUpper || self == UInt8(ascii: "_") || self >= 0x80 }
    var continuesElixirWord: Bool { startsElixirWord || isElixirDigit }
}

/// A word of Elixir source, with the line it stands on.
struct ElixirToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// `:name`, `:"name"`, and `true`, `false`, `nil`.
        case atom(String)
        /// `name:` or `"name":` in front of a value.
        case key(String)
        /// A string or charlist without interpolation, escapes read.
        case string(String)
        /// A string, charlist or sigil whose text is not known, because it has interpolation or is not a plain one.
        case opaque
        /// `~w(a b)`: its words, and whether they are atoms.
        case words([String], areAtoms: Bool)
        case integer(Int)
        /// A float, a character such as `?a`, or an integer too large.
        case number
        /// A variable or function name, a keyword too.
        case identifier(String)
        /// A module's name, dots included.
        case module(String)
        /// `@name`.
        case attribute(String)
        /// `(`, `[`, `{`, `<<`, `%{` and the like.
        case open(Bracket)
        /// The counterpart of `open`.
        case close(Bracket)
        case comma
        /// A line's end or a semicolon.
        case newline
        /// Anything else, such as `++` or `->`.
        case symbol(String)
    }

    enum Bracket: Sendable, Hashable {
        case round, square, curly, binary
        /// `%{`; closed by `}`, that is, by `curly`.
        case map
    }

    let kind: Kind
    let line: Int
    /// Whether it follows the token before it without a space: tells `f(x)` from `f (x)`.
    let isAttached: Bool
    /// The place of its bytes in the source.
    var range: Range<Int>
}
