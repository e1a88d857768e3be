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
