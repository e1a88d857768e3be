/// What text can be besides coloured.
public struct TextAttributes: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Attributes from their bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bold.
    public static let bold = TextAttributes(rawValue: 1)
    /// Faint.
    public static let dim = TextAttributes(rawValue: 2)
    /// Italic.
    public static let italic = TextAttributes(rawValue: 4)
    /// Underlined.
    public static let underline = TextAttributes(rawValue: 8)
    /// Text and background colours exchanged.
    public static let reverse = TextAttributes(rawValue: 16)
    /// Struck through; not every terminal shows it.
    public static let strike = TextAttributes(rawValue: 32)

    /// Every attribute with the name that themes use.
    public static let named: [(name: String, attribute: TextAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
        ("strike", .strike),
    ]
}
