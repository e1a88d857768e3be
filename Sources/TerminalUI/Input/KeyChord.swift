import Diagnostics

/// One stroke: a key and what is held with it.
///
/// Written `g`, `G`, `C-c`, `M-x`, `S-Tab`, `PgDn`, `F1`, `Space`, `Enter`.
package struct KeyChord: Hashable, Sendable {
    package let key: Key
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

    package static func character(_ character: Character) -> KeyChord { KeyChord(.character(character)) }

    package static func control(_ character: Character) -> KeyChord { KeyChord(.character(character), .control) }
}

/// A key without its modifiers.
package enum Key: Hashable, Sendable {
    /// A key that types: the character as typed, so `G` is itself and not Shift and `g`.
    case character(Character)
    /// Enter, also what the keypad's sends.
    case enter
    case tab
    case escape
    case backspace
    /// Delete, to the right.
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case function(Int)
}

/// Keys held down with another.
package struct KeyModifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Shift; never set for a key that types, where it is in the character.
    package static let shift = KeyModifiers(rawValue: 1)
    /// Alt, Option or Meta.
    package static let alt = KeyModifiers(rawValue: 2)
    package static let control = KeyModifiers(rawValue: 4)
}

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

/// Strokes one after the other that mean one thing: mostly one, `g g` is two.
package struct KeySequence: Hashable, Sendable {
    /// The strokes; never empty.
    package let chords: [KeyChord]

    package init(_ chord: KeyChord) {
        chords = [chord]
    }

    /// Reads strokes with blanks between them: `g`, `C-x C-c`.
    ///
    /// Throws: ``Failure`` for a stroke that cannot be read, and for a text without one.
    package init(_ text: String) throws(Failure) {
        var chords: [KeyChord] = []
        for word in text.split(separator: " ") { chords.append(try KeyChord(String(word))) }
        guard !chords.isEmpty else {
            throw Failure(.usage, "no such key: \"\(text)\" (nothing is written; for a blank write Space)")
        }
        self.chords = chords
    }
}

extension KeySequence: CustomStringConvertible {
    package var description: String { chords.map(\.description).joined(separator: " ") }
}
