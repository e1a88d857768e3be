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
