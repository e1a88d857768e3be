/// How a cell is to look: a role, and what a child's own colours lay over it.
package struct Style: Hashable, Sendable {
    package var role: Role
    /// A text colour in place of the role's; nil keeps the role's.
    package var foreground: Color?
    /// A background in place of the role's; nil keeps the role's.
    package var background: Color?
    /// Attributes on top of the role's.
    package var attributes: TextAttributes

    package init(
        _ role: Role, foreground: Color? = nil, background: Color? = nil, attributes: TextAttributes = []
    ) {
        self.role = role
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

/// What text can be besides coloured.
package struct TextAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let bold = TextAttributes(rawValue: 1)
    package static let dim = TextAttributes(rawValue: 2)
    package static let italic = TextAttributes(rawValue: 4)
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

/// A style fitted to one terminal: the numbers of colours, and attributes.
package struct Appearance: Hashable, Sendable {
    /// The text colour: a palette index, or 0xRRGGBB where the terminal shows every colour; nil is the terminal's own.
    package var foreground: Int32?
    /// The background in the same form; nil is the terminal's own.
    package var background: Int32?
    package var attributes: TextAttributes = []
}
