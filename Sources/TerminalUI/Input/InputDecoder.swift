/// Turns the bytes that a terminal sends into events: a state machine without a terminal, a clock or a file.
///
/// Knows UTF-8, the escape sequences of xterm and its kin with their modifiers, SGR and old-style mouse reports, bracketed
/// paste and focus reports. What it does not know it drops whole. `extraKeys` are sequences of the terminal's own.
package struct InputDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var paste: PasteBuffer?
    private let extraKeys: [[UInt8]: Key]

    /// A decoder with nothing in it.
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
