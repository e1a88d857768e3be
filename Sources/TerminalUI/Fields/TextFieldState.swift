/// A line of text being edited.
///
/// The cursor counts characters from 0.
package struct TextFieldState: Hashable, Sendable {
    private var characters: [Character]
    /// Where the next character goes.
    package private(set) var cursor: Int

    /// A field with a text in it and the cursor at its end.
    package init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    package var text: String {
        get { String(characters) }
        set { self = TextFieldState(newValue) }
    }

    /// The same field with dots for the characters from `offset` on: what may be shown where a secret is among them.
    package func masked(from offset: Int) -> TextFieldState {
        var field = self
        for index in field.characters.indices where index >= offset { field.characters[index] = "•" }
        return field
    }

    /// Whether nothing is in it.
    package var isEmpty: Bool { characters.isEmpty }

    /// Takes in an event: typing, pasting, arrows, Home, End, Backspace, Delete, C-a, C-e, C-u, C-k, C-w.
    ///
    /// Newlines in a paste become blanks and never submit.
    package mutating func handle(_ event: InputEvent) -> FieldOutcome {
        switch event {
        case .paste(let text):
            insert(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
            return .edited
        case .key(let chord):
            return handle(chord)
        default:
            return .ignored
        }
    }

    private mutating func handle(_ chord: KeyChord) -> FieldOutcome {
        if let edit = FieldEdit(chord) { return perform(edit) }
        switch chord.key {
        case .enter where chord.modifiers.isEmpty: return .submitted
        case .escape: return .cancelled
        case .character(let character) where chord.modifiers.isEmpty:
            insert([character])
            return .edited
        default: return .ignored
        }
    }

    private mutating func insert(_ new: [Character]) {
        characters.insert(contentsOf: new, at: cursor)
        cursor += new.count
    }

    private mutating func perform(_ edit: FieldEdit) -> FieldOutcome {
        let before = characters.count
        switch edit {
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .start: cursor = 0
        case .end: cursor = characters.count
        case .deleteBackward: delete(max(0, cursor - 1)..<cursor)
        case .deleteForward: delete(cursor..<min(characters.count, cursor + 1))
        case .deleteToStart: delete(0..<cursor)
        case .deleteToEnd: delete(cursor..<characters.count)
        case .deleteWord: delete(wordStart..<cursor)
        }
        return characters.count == before ? .handled : .edited
    }

    private mutating func delete(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private var wordStart: Int {
        let blanks = characters[..<cursor].reversed().prefix { $0 == " " }.count
        return cursor - blanks - characters[..<(cursor - blanks)].reversed().prefix { $0 != " " }.count
    }

    /// The columns in front of the cursor.
    var columnsBeforeCursor: Int { String(characters[..<cursor]).columns }
}
