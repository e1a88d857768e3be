/// How many colours are to be used.
package enum ColorDepth: Int, Comparable, Sendable, CaseIterable {
    /// None: attributes and glyphs alone.
    case mono
    /// The 16 colours of the user's palette.
    case sixteen
    /// The 256-colour palette.
    case indexed
    /// Every colour by its parts; of the palette the first eight alone.
    case direct

    /// Whether `left` shows fewer colours than `right`.
    package static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
