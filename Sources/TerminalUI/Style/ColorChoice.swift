/// What the user asks for in colours; `--color`.
package enum ColorChoice: String, Sendable, CaseIterable {
    /// What terminal and environment say.
    case auto
    /// As many as the terminal has, whatever `NO_COLOR` says.
    case always
    case never
    case sixteen = "16"
    case indexed = "256"

    /// How many colours to use on a terminal that has `colors` (from its description), the first rule that fits:
    /// a choice of `always`, `never`, `16` or `256`; `NO_COLOR` not empty: none; fewer than 8: none; fewer than 256: 16;
    /// fewer than 2^24: 256; else all of them.
    ///
    /// No choice makes a terminal show more than it has.
    package func depth(environment: [String: String], colors: Int) -> ColorDepth {
        let most: ColorDepth = colors < 8 ? .mono : colors < 256 ? .sixteen : colors < 1 << 24 ? .indexed : .direct
        switch self {
        case .never: return .mono
        case .sixteen: return min(.sixteen, most)
        case .indexed: return min(.indexed, most)
        case .always: return most
        case .auto: return environment["NO_COLOR", default: ""].isEmpty ? most : .mono
        }
    }
}

/// How many colours are to be used.
package enum ColorDepth: Int, Comparable, Sendable, CaseIterable {
    /// None: attributes and glyphs alone.
    case mono
    /// The 16 colours of the user's palette.
    case sixteen
    case indexed
    /// Every colour by its parts; of the palette the first eight alone.
    case direct

    package static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
