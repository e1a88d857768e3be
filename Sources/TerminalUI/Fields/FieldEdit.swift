/// What the editing keys do in a field.
enum FieldEdit: Hashable, Sendable {
    case left
    case right
    case start
    case end
    case deleteBackward
    case deleteForward
    case deleteToStart
    case deleteToEnd
    case deleteWord

    private static let table: [KeyChord: FieldEdit] = [
        KeyChord(.left): .left, KeyChord(.right): .right, KeyChord(.home): .start, KeyChord(.end): .end,
        KeyChord(.backspace): .deleteBackward, KeyChord(.delete): .deleteForward, .control("h"): .deleteBackward,
        .control("a"): .start, .control("e"): .end, .control("u"): .deleteToStart, .control("k"): .deleteToEnd,
        .control("w"): .deleteWord, .control("d"): .deleteForward,
    ]

    /// What a stroke does; nil if it types, or is for somebody else.
    init?(_ chord: KeyChord) {
        guard let edit = FieldEdit.table[chord] else { return nil }
        self = edit
    }
}
