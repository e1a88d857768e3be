/// Keys held down with another.
package struct KeyModifiers: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt8

    /// Modifiers from their bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Shift; never set for a key that types, where it is in the character.
    package static let shift = KeyModifiers(rawValue: 1)
    /// Alt, Option or Meta.
    package static let alt = KeyModifiers(rawValue: 2)
    package static let control = KeyModifiers(rawValue: 4)
}
