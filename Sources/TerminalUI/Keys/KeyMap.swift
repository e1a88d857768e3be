import Diagnostics

/// The one table of actions: it finds what a key means, and makes hints, help and palette.
package struct KeyMap<ID: Hashable & Sendable & RawRepresentable>: Sendable where ID.RawValue == String {
    /// The actions, in the order of help.
    package let actions: [KeyAction<ID>]
    private(set) var keys: [ID: [KeySequence]] = [:]
    private var table: [KeyContext: [[KeyChord]: ID]] = [:]

    /// A table of actions with their own keys.
    ///
    /// Throws: ``Failure`` for a key that does not exist, an action listed twice, and two actions of a context on one key.
    package init(_ actions: [KeyAction<ID>]) throws(Failure) {
        self.actions = actions
        var keys: [ID: [KeySequence]] = [:]
        for action in actions {
            guard keys[action.id] == nil else {
                throw Failure(.usage, "action \(action.id.rawValue) is listed twice")
            }
            keys[action.id] = try KeyMap.sequences(action.keys, for: action.id)
        }
        try bind(keys)
    }

    /// The same table with other keys for some actions; none for an empty list.
    ///
    /// Throws: ``Failure`` where two actions of a context would be on one key.
    package func rebinding(_ changes: [ID: [KeySequence]]) throws(Failure) -> KeyMap {
        var map = self
        try map.bind(keys.merging(changes) { $1 })
        return map
    }

    static func sequences(_ texts: [String], for id: ID) throws(Failure) -> [KeySequence] {
        var sequences: [KeySequence] = []
        for text in texts {
            do {
                sequences.append(try KeySequence(text))
            } catch {
                throw Failure(.usage, "\(id.rawValue): \(error)")
            }
        }
        return sequences
    }

    private mutating func bind(_ keys: [ID: [KeySequence]]) throws(Failure) {
        var table: [KeyContext: [[KeyChord]: ID]] = [:]
        for action in actions {
            for sequence in keys[action.id] ?? [] {
                for (chords, other) in table[action.context] ?? [:] where KeyMap.clash(chords, sequence.chords) {
                    throw Failure(
                        .usage, "\(sequence) means both \(other.rawValue) and \(action.id.rawValue)",
                        choices: [other.rawValue, action.id.rawValue])
                }
                table[action.context, default: [:]][sequence.chords] = action.id
            }
        }
        self.keys = keys
        self.table = table
    }

    /// Whether one is the other, or the beginning of it: the longer one could never be typed.
    private static func clash(_ left: [KeyChord], _ right: [KeyChord]) -> Bool {
        left.starts(with: right) || right.starts(with: left)
    }

    /// What `chords` mean, the innermost of `contexts` first.
    package func match(_ chords: [KeyChord], in contexts: [KeyContext]) -> KeyMatch<ID> {
        for context in contexts {
            guard let table = table[context] else { continue }
            if let id = table[chords] { return .action(id) }
            if table.keys.contains(where: { $0.count > chords.count && $0.starts(with: chords) }) { return .prefix }
        }
        return .none
    }

    package func match(_ chord: KeyChord, in contexts: [KeyContext]) -> KeyMatch<ID> {
        match([chord], in: contexts)
    }

    /// The keys of an action, the one to show first.
    package func keys(for id: ID) -> [KeySequence] { keys[id] ?? [] }

    /// The actions that `contexts` offer, in the order of the table.
    package func actions(in contexts: [KeyContext]) -> [KeyAction<ID>] {
        actions.filter { contexts.contains($0.context) }
    }
}

/// Something that a key, the help, the palette or a hint does: one row of the table of actions.
package struct KeyAction<ID: Hashable & Sendable>: Sendable {
    package let id: ID
    /// What it does, as help and palette say it: "Go to the next error".
    package let title: String
    /// What it does in a footer, in a word or two; empty keeps it out of footers.
    package let hint: String
    /// The heading it stands under in help.
    package let group: String
    /// Where its keys mean it.
    package let context: KeyContext
    /// Its keys, as written in settings, the first one shown in hints; may be empty.
    package let keys: [String]
    /// What the palette calls it: short, the word that people look for first.
    package let name: String
    /// Other words that people look for.
    package let aliases: [String]
    /// Whether it ends or removes something, so that a few typed letters must not lead to it.
    package let isDestructive: Bool

    package init(
        _ id: ID, _ title: String, hint: String = "", group: String, in context: KeyContext = .global, keys: [String],
        name: String? = nil, aliases: [String] = [], isDestructive: Bool = false
    ) {
        self.name = name ?? title
        self.aliases = aliases
        self.isDestructive = isDestructive
        self.id = id
        self.title = title
        self.hint = hint
        self.group = group
        self.context = context
        self.keys = keys
    }
}

/// Where keys mean something: the whole program, a kind of pane, a mode.
package struct KeyContext: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: String) {
        rawValue = value
    }

    package static let global: KeyContext = "global"
}

/// What strokes mean.
package enum KeyMatch<ID: Hashable & Sendable>: Hashable, Sendable {
    case action(ID)
    /// The beginning of one or more sequences: wait for the next stroke.
    case prefix
    case none
}
