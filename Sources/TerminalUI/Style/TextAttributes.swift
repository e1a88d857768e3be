/// What text can be besides coloured.
package struct TextAttributes: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt8

    /// Attributes from their bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let bold = TextAttributes(rawValue: 1)
    /// Faint.
    package static let dim = TextAttributes(rawValue: 2)
    package static let italic = TextAttributes(rawValue: 4)
    /// Underlined.
    package static let underline = TextAttributes(rawValue: 8)
    /// Text and background colours exchanged.
    package static let reverse = TextAttributes(rawValue: 16)
    /// Struck through; not every terminal shows it.
    package static let strike = TextAttributes(rawValue: 32)

    /// Every attribute with the name that themes use.
    package static let named: [(name: String, attribute: TextAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
        ("strike", .strike),
    ]
}
