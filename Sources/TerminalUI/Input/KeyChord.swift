/// One stroke: a key and what is held with it.
///
/// Written `g`, `G`, `C-c`, `M-x`, `S-Tab`, `PgDn`, `F1`, `Space`, `Enter`.
package struct KeyChord: Hashable, Sendable {
    package let key: Key
    /// What is held with it.
    package let modifiers: KeyModifiers

    /// A stroke; a typed letter with Control is the lower-case one, as terminals cannot tell them apart.
    package init(_ key: Key, _ modifiers: KeyModifiers = []) {
        if case .character(let character) = key {
            let isControl = modifiers.contains(.control)
            self.key = .character(isControl ? Character(character.lowercased()) : character)
            self.modifiers = modifiers.subtracting(.shift)
        } else {
            self.key = key
            self.modifiers = modifiers
        }
    }

    /// A plain typed character.
    package static func character(_ character: Character) -> KeyChord { KeyChord(.character(character)) }

    /// Control and a letter.
    package static func control(_ character: Character) -> KeyChord { KeyChord(.character(character), .control) }
}
