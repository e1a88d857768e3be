/// Bytes that begin with ESC.
enum EscapeSequence {
    static func next(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        let body = bytes.dropFirst()
        guard let second = body.first else {
            return isFinal ? .event(.key(KeyChord(.escape)), length: 1) : .more
        }
        switch second {
        case 0x5B: return control(bytes, isFinal: isFinal)
        case 0x4F: return singleShift(bytes, isFinal: isFinal)
        case 0x1B:
            // ESC twice: the first is the key, unless the second begins a sequence sent with Alt.
            return .event(.key(KeyChord(.escape)), length: 1)
        default: return alternate(body, isFinal: isFinal)
        }
    }

    /// Alt and a key: ESC and what the key sends.
    private static func alternate(_ body: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        switch TypedCharacter.next(body, isFinal: isFinal) {
        case .event(.key(let chord), let length):
            .event(.key(KeyChord(chord.key, chord.modifiers.union(.alt))), length: length + 1)
        case .event(let event, let length): .event(event, length: length + 1)
        case .dropped(let length): .dropped(length: length + 1)
        case .more: .more
        case .pasteBegins(let length): .dropped(length: length + 1)
        }
    }

    /// `ESC O x`, and `ESC O 5 x` of some terminals.
    private static func singleShift(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        let body = bytes.dropFirst(2)
        guard let first = body.first else {
            return isFinal ? .event(.key(KeyChord(.character("O"), .alt)), length: 2) : .more
        }
        if let key = KeyCodes.final[first] { return .event(.key(KeyChord(key)), length: 3) }
        if let character = KeyCodes.keypad[first] { return .event(.key(KeyChord(character)), length: 3) }
        return .dropped(length: 3)
    }

    /// `ESC [ … final`.
    private static func control(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        let body = bytes.dropFirst(2)
        guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            guard isFinal else { return body.count > 64 ? .dropped(length: bytes.count) : .more }
            return body.isEmpty
                ? .event(.key(KeyChord(.character("["), .alt)), length: 2) : .dropped(length: bytes.count)
        }
        let length = end - bytes.startIndex + 1
        let final = bytes[end]
        if final == 0x4D, body.startIndex == end { return MouseReport.old(bytes, isFinal: isFinal) }
        let sequence = ControlSequence(parameters: bytes[(bytes.startIndex + 2)..<end], final: final)
        if sequence.isPasteBegin { return .pasteBegins(length: length) }
        return sequence.event.map { .event($0, length: length) } ?? .dropped(length: length)
    }
}
