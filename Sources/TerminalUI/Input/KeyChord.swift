/// One stroke: a key and what is held with it.
///
/// Written `g`, `G`, `C-c`, `M-x`, `S-Tab`, `PgDn`, `F1`, `Space`, `Enter`.
public struct KeyChord: Hashable, Sendable {
    /// The key.
    public let key: Key
    /// What is held with it.
    public let modifiers: KeyModifiers

    /// A stroke; a typed letter with Control is the lower-case one, as terminals cannot tell them apart.
    public init(_ key: Key, _ modifiers: KeyModifiers = []) {
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
    public static func character(_ character: Character) -> KeyChord { KeyChord(.character(character)) }

    /// Control and a letter.
    public static func control(_ character: Character) -> KeyChord { KeyChord(.character(character), .control) }
}
