/// A line of text being edited.
///
/// The cursor counts characters from 0.
package struct TextFieldState: Hashable, Sendable {
    private var characters: [Character]
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
        if let outcome = edit(chord) { return outcome }
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

    /// What an editing key did; nil for a stroke that types, or is for somebody else.
    private mutating func edit(_ chord: KeyChord) -> FieldOutcome? {
        let before = characters.count
        switch (chord.key, chord.modifiers) {
        case (.left, []): cursor = max(0, cursor - 1)
        case (.right, []): cursor = min(characters.count, cursor + 1)
        case (.home, []), (.character("a"), .control): cursor = 0
        case (.end, []), (.character("e"), .control): cursor = characters.count
        case (.backspace, []), (.character("h"), .control): delete(max(0, cursor - 1)..<cursor)
        case (.delete, []), (.character("d"), .control): delete(cursor..<min(characters.count, cursor + 1))
        case (.character("u"), .control): delete(0..<cursor)
        case (.character("k"), .control): delete(cursor..<characters.count)
        case (.character("w"), .control): delete(wordStart..<cursor)
        default: return nil
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

    var columnsBeforeCursor: Int { String(characters[..<cursor]).columns }
}

/// What an event did to a field.
package enum FieldOutcome: Hashable, Sendable {
    /// The text is another.
    case edited
    /// Only the cursor moved, or nothing at all: the event was the field's.
    case handled
    /// Enter: the user is done.
    case submitted
    /// Esc: the user wants out.
    case cancelled
    /// The event is none of the field's business.
    case ignored
}

/// A field as it is drawn: the text, moved to the left as far as the cursor needs.
package struct TextFieldView {
    private let state: TextFieldState
    private let placeholder: String
    private let isFocused: Bool
    private let isValid: Bool

    /// A field; `placeholder` shows while it is empty.
    package init(_ state: TextFieldState, placeholder: String = "", isFocused: Bool = true, isValid: Bool = true) {
        self.state = state
        self.placeholder = placeholder
        self.isFocused = isFocused
        self.isValid = isValid
    }

    /// Draws the field in the first row of `rect`; gives the cursor's place if it has the keys.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> Point? {
        let row = rect.row(0)
        guard !row.isEmpty else { return nil }
        let role: Role = isValid ? (isFocused ? .fieldFocused : .field) : .fieldInvalid
        canvas.fill(row, role)
        let before = state.columnsBeforeCursor
        let shift = max(0, before - row.width + 1)
        if state.isEmpty {
            canvas.write(placeholder.truncated(to: row.width), at: row.origin, in: row, .fieldPlaceholder)
        } else {
            canvas.write(state.text, at: Point(x: row.x - shift, y: row.y), in: row, role)
        }
        return isFocused ? Point(x: row.x + before - shift, y: row.y) : nil
    }
}
