import Diagnostics

extension KeyChord {
    /// The keys that have names, with the names they are shown by.
    static let named: [(key: Key, name: String)] =
        [
            (.character(" "), "Space"), (.enter, "Enter"), (.tab, "Tab"), (.escape, "Esc"), (.backspace, "Backspace"),
            (.delete, "Del"), (.insert, "Ins"), (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"),
            (.home, "Home"), (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"),
        ] + (1...24).map { (.function($0), "F\($0)") }

    private static let otherNames: [String: Key] = [
        "return": .enter, "escape": .escape, "delete": .delete, "insert": .insert, "pageup": .pageUp,
        "pagedown": .pageDown, "bs": .backspace,
    ]

    private static let prefixes: [(text: String, modifier: KeyModifiers)] = [
        ("C-", .control), ("Ctrl-", .control), ("M-", .alt), ("Alt-", .alt), ("S-", .shift), ("Shift-", .shift),
    ]

    /// Reads a stroke as it is written in tables and settings; names may be in any case, modifiers may not.
    ///
    /// Throws: ``Failure`` for an unknown name, and for Shift with a key that types (write the character itself).
    package init(_ text: String) throws(Failure) {
        var rest = Substring(text)
        var modifiers: KeyModifiers = []
        while rest.count > 1, let prefix = KeyChord.prefixes.first(where: { rest.hasPrefix($0.text) }),
            rest.count > prefix.text.count
        {
            modifiers.insert(prefix.modifier)
            rest = rest.dropFirst(prefix.text.count)
        }
        guard let key = KeyChord.key(named: rest) else {
            throw Failure(.usage, "no such key: \"\(text)\" (try g, G, C-g, M-g, S-Tab, Enter, Esc, PgDn, F1)")
        }
        if case .character(let character) = key, character != " ", modifiers.contains(.shift) {
            throw Failure(.usage, "no such key: \"\(text)\" (write the character that Shift makes, as in G)")
        }
        self.init(key, modifiers)
    }

    private static func key(named name: Substring) -> Key? {
        if name.count == 1, let character = name.first {
            return character.unicodeScalars.allSatisfy { Glyph.isControl($0) } ? nil : .character(character)
        }
        let lower = name.lowercased()
        return named.first { $0.name.lowercased() == lower }?.key ?? otherNames[lower]
    }
}

extension KeyChord: CustomStringConvertible {
    /// The stroke as it is shown: `C-c`, `S-Tab`, `PgDn`.
    package var description: String {
        var text = ""
        if modifiers.contains(.control) { text += "C-" }
        if modifiers.contains(.alt) { text += "M-" }
        if modifiers.contains(.shift) { text += "S-" }
        if let name = KeyChord.named.first(where: { $0.key == key })?.name { return text + name }
        if case .character(let character) = key { text.append(character) }
        return text
    }
}
