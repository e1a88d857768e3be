/// Bytes that are a typed character or a control key.
enum TypedCharacter {
    static func next(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        guard let first = bytes.first else { return .more }
        if first < 0x80 { return .event(.key(chord(for: first)), length: 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
        guard length > 0, first < 0xF5 else { return .dropped(length: 1) }
        let rest = bytes.dropFirst().prefix(length - 1)
        guard rest.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return .dropped(length: 1) }
        guard rest.count == length - 1 else { return isFinal ? .dropped(length: bytes.count) : .more }
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        guard let character = text.first, text != "\u{FFFD}", let scalar = character.unicodeScalars.first,
            !Glyph.isControl(scalar)
        else { return .dropped(length: length) }
        return .event(.key(.character(character)), length: length)
    }

    /// The stroke that sends one byte below 128.
    static func chord(for byte: UInt8) -> KeyChord {
        switch byte {
        case 0x0D, 0x0A: KeyChord(.enter)
        case 0x09: KeyChord(.tab)
        case 0x1B: KeyChord(.escape)
        case 0x7F, 0x08: KeyChord(.backspace)
        case 0x00: .control(" ")
        case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x1C...0x1F: .control(Character(Unicode.Scalar(byte + 0x40)))
        default: .character(Character(Unicode.Scalar(byte)))
        }
    }
}
