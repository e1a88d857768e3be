/// Turns the bytes that a terminal sends into events: a state machine without a terminal, a clock or a file.
///
/// Knows UTF-8, the escape sequences of xterm and its kin with their modifiers, SGR and old-style mouse reports, bracketed
/// paste and focus reports. What it does not know it drops whole. `extraKeys` are sequences of the terminal's own.
///
/// Source: [xterm control sequences](https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
package struct InputDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var paste: PasteBuffer?
    private let extraKeys: [[UInt8]: Key]

    package init(extraKeys: [[UInt8]: Key] = [:]) {
        self.extraKeys = extraKeys
    }

    /// Whether bytes wait that may be the beginning of something: give them time, then call ``flush()``.
    package var isWaiting: Bool { !buffer.isEmpty && paste == nil }

    /// Takes in bytes, in pieces of any size, and gives the events they make.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        buffer.append(contentsOf: bytes)
        return take(isFinal: false)
    }

    /// No more bytes are coming for now: a lone ESC is the key, anything else unfinished is dropped.
    package mutating func flush() -> [InputEvent] {
        guard isWaiting else { return [] }
        return take(isFinal: true)
    }

    private mutating func take(isFinal: Bool) -> [InputEvent] {
        var events: [InputEvent] = []
        var position = 0
        while position < buffer.count {
            if paste != nil {
                guard let end = takePaste(from: position, &events) else {
                    buffer = []
                    return events
                }
                position = end
                continue
            }
            switch next(buffer[position...], isFinal: isFinal) {
            case .more:
                buffer.removeFirst(position)
                return events
            case .event(let event, let length):
                events.append(event)
                position += length
            case .pasteBegins(let length):
                paste = PasteBuffer()
                position += length
            case .dropped(let length):
                position += length
            }
        }
        buffer = []
        return events
    }

    /// What stands at the beginning of some bytes.
    enum Step {
        case more
        case event(InputEvent, length: Int)
        case pasteBegins(length: Int)
        case dropped(length: Int)
    }

    private func next(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        guard let first = bytes.first else { return .more }
        if first == 0x1B {
            if let step = extraKey(bytes, isFinal: isFinal) { return step }
            return EscapeSequence.next(bytes, isFinal: isFinal)
        }
        return TypedCharacter.next(bytes, isFinal: isFinal)
    }

    private func extraKey(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Step? {
        var mayGrow = false
        for (sequence, key) in extraKeys {
            if bytes.starts(with: sequence) { return .event(.key(KeyChord(key)), length: sequence.count) }
            if sequence.starts(with: bytes) { mayGrow = true }
        }
        return mayGrow && !isFinal ? .more : nil
    }

    /// Takes pasted bytes up to the mark of the end; nil if it is not there yet.
    private mutating func takePaste(from position: Int, _ events: inout [InputEvent]) -> Int? {
        guard var open = paste else { return position }
        let taken = open.take(buffer[position...])
        guard let taken else {
            paste = open
            return nil
        }
        events.append(.paste(open.text))
        paste = nil
        return position + taken
    }
}

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

/// What is being pasted, up to the mark of its end.
struct PasteBuffer: Sendable {
    private var bytes: [UInt8] = []
    private let end: [UInt8] = Array("\u{1B}[201~".utf8)
    /// A paste beyond this is cut: nobody means to put it into a field.
    private let limit = 1 << 20

    /// Takes bytes; gives how many belong to the paste once its end is among them.
    mutating func take(_ new: ArraySlice<UInt8>) -> Int? {
        for (count, byte) in new.enumerated() {
            bytes.append(byte)
            if byte == 0x7E, bytes.suffix(end.count).elementsEqual(end) {
                bytes.removeLast(end.count)
                return count + 1
            }
            if bytes.count > limit + end.count { bytes.remove(at: limit) }
        }
        return nil
    }

    /// The text without control characters but newline and tab; a carriage return is a newline.
    var text: String {
        var text = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\r": text.append("\n")
            case "\n": if last != "\r" { text.append("\n") }
            case "\t": text.append(scalar)
            default: if !Glyph.isControl(scalar) { text.append(scalar) }
            }
            last = scalar
        }
        return String(text)
    }
}
