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

/// A complete `ESC [ parameters final`.
struct ControlSequence {
    private let prefix: UInt8?
    private let numbers: [Int]
    private let final: UInt8

    init(parameters: ArraySlice<UInt8>, final: UInt8) {
        let hasPrefix = parameters.first.map { (0x3C...0x3F).contains($0) } ?? false
        prefix = hasPrefix ? parameters.first : nil
        let text = hasPrefix ? parameters.dropFirst() : parameters
        numbers = text.split(separator: 0x3B, omittingEmptySubsequences: false).map { part in
            // A part may have sub-parts behind a colon; the first is the number.
            part.prefix { (0x30...0x39).contains($0) }.reduce(0) { min(1 << 24, $0 * 10 + Int($1 - 0x30)) }
        }
        self.final = final
    }

    var isPasteBegin: Bool { prefix == nil && final == 0x7E && numbers.first == 200 }

    var event: InputEvent? {
        if prefix == 0x3C { return MouseReport.event(numbers: numbers, isRelease: final == 0x6D) }
        guard prefix == nil else { return nil }
        switch final {
        case 0x49: return .focus(true)
        case 0x4F: return .focus(false)
        case 0x5A: return .key(KeyChord(.tab, .shift))
        case 0x75: return coded(numbers.first, modifiers: number(1))
        case 0x7E where numbers.first == 27: return coded(number(2), modifiers: number(1))
        case 0x7E: return numbers.first.flatMap { KeyCodes.numbered[$0] }.map { key($0) }
        // F1 to F4 come with a 1 in front; the cursor's place, which ends in R too, comes with a row.
        case 0x50...0x53 where numbers.first ?? 0 > 1: return nil
        default: return KeyCodes.final[final].map { key($0) }
        }
    }

    private func number(_ index: Int) -> Int? { numbers.indices.contains(index) ? numbers[index] : nil }

    private func key(_ key: Key) -> InputEvent {
        .key(KeyChord(key, ControlSequence.modifiers(number(1))))
    }

    /// A key by its code point, as kitty's protocol and xterm's modifyOtherKeys send it.
    private func coded(_ code: Int?, modifiers: Int?) -> InputEvent? {
        guard let code, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
        let held = ControlSequence.modifiers(modifiers)
        if scalar.value < 0x80, scalar.value < 0x20 || scalar.value == 0x7F {
            return .key(KeyChord(TypedCharacter.chord(for: UInt8(scalar.value)).key, held))
        }
        guard !Glyph.isControl(scalar), !(0xE000...0xF8FF).contains(scalar.value) else { return nil }
        let text = held.contains(.shift) ? String(Character(scalar)).uppercased() : String(Character(scalar))
        return text.first.map { .key(KeyChord(.character($0), held)) }
    }

    /// Modifiers as xterm numbers them: 1 plus 1 for Shift, 2 for Alt, 4 for Control, 8 for Meta.
    static func modifiers(_ number: Int?) -> KeyModifiers {
        guard let number, number > 1 else { return [] }
        let bits = number - 1
        var modifiers: KeyModifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & (2 | 8) != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }
}

/// What xterm and its kin send for keys that do not type.
enum KeyCodes {
    /// By the final byte of `ESC [ x` and `ESC O x`.
    static let final: [UInt8: Key] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x48: .home, 0x46: .end, 0x50: .function(1),
        0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    /// By the number in `ESC [ n ~`.
    static let numbered: [Int: Key] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end, 11: .function(1),
        12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6), 18: .function(7),
        19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12), 25: .function(13),
        26: .function(14), 28: .function(15), 29: .function(16), 31: .function(17), 32: .function(18),
        33: .function(19), 34: .function(20),
    ]

    /// The keypad in application mode, `ESC O x`.
    static let keypad: [UInt8: Key] = [
        0x4D: .enter, 0x6A: .character("*"), 0x6B: .character("+"), 0x6C: .character(","), 0x6D: .character("-"),
        0x6E: .character("."), 0x6F: .character("/"), 0x70: .character("0"), 0x71: .character("1"),
        0x72: .character("2"), 0x73: .character("3"), 0x74: .character("4"), 0x75: .character("5"),
        0x76: .character("6"), 0x77: .character("7"), 0x78: .character("8"), 0x79: .character("9"),
    ]
}

/// What terminals send for the mouse.
enum MouseReport {
    /// `ESC [ < button ; column ; row M` (or `m` for a release); columns and rows from 1.
    static func event(numbers: [Int], isRelease: Bool) -> InputEvent? {
        guard numbers.count == 3, numbers[1] >= 1, numbers[2] >= 1, numbers[1] < 10_000, numbers[2] < 10_000 else {
            return nil
        }
        return event(code: numbers[0], isRelease: isRelease, at: Point(x: numbers[1] - 1, y: numbers[2] - 1))
    }

    /// `ESC [ M button column row`, a byte each with 32 added: what old terminals send up to column 223.
    static func old(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> InputDecoder.Step {
        let body = Array(bytes.dropFirst(3).prefix(3))
        guard body.count == 3 else { return isFinal ? .dropped(length: bytes.count) : .more }
        guard body[0] >= 32, body[1] > 32, body[2] > 32 else { return .dropped(length: 6) }
        let code = Int(body[0]) - 32
        let point = Point(x: Int(body[1]) - 33, y: Int(body[2]) - 33)
        return event(code: code, isRelease: code & 3 == 3 && code & 64 == 0, at: point)
            .map { .event($0, length: 6) } ?? .dropped(length: 6)
    }

    private static func event(code: Int, isRelease: Bool, at point: Point) -> InputEvent? {
        var modifiers: KeyModifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        guard let kind = kind(code: code, isRelease: isRelease) else { return nil }
        return .mouse(MouseEvent(kind, at: point, modifiers: modifiers))
    }

    private static func kind(code: Int, isRelease: Bool) -> MouseEvent.Kind? {
        if code & 64 != 0 {
            let wheels: [MouseEvent.Kind] = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight]
            return isRelease ? nil : wheels[code & 3]
        }
        if code & ~127 != 0 { return nil }
        let buttons: [MouseEvent.Button] = [.left, .middle, .right]
        guard code & 3 < 3 else { return isRelease && code & 32 == 0 ? .release(.left) : nil }
        let button = buttons[code & 3]
        if isRelease { return .release(button) }
        return code & 32 != 0 ? .drag(button) : .press(button)
    }
}
