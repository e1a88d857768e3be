/// Control characters and escape sequences in a text, as a terminal reads them.
///
/// Specification: [ECMA-48](https://ecma-international.org/publications-and-standards/standards/ecma-48/), section 5.
package enum ControlSequence {
    /// Whether a byte alone is a control character; newlines and tabs are text.
    package static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F
    }

    /// The end of the control character or sequence that begins at a place; `nil` if a character of the text does.
    ///
    /// What the end of a line cuts short ends there.
    package static func end(in bytes: UnsafeRawBufferPointer, at place: Int) -> Int? {
        switch bytes[place] {
        case 0x1B: endOfEscape(bytes, at: place)
        case 0xC2 where place + 1 < bytes.count && (0x80...0x9F).contains(bytes[place + 1]):
            endOfControl(bytes, at: place)
        case let byte where isControl(byte): place + 1
        default: nil
        }
    }

    private static func endOfEscape(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        guard place + 1 < bytes.count else { return place + 1 }
        switch bytes[place + 1] {
        case UInt8(ascii: "["): return endOfParameters(bytes, at: place + 2)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            return endOfString(bytes, at: place + 2)
        case 0x20...0x2F:
            var end = place + 2
            while end < bytes.count, (0x20...0x2F).contains(bytes[end]) { end += 1 }
            return end < bytes.count && bytes[end] != 0x0A ? end + 1 : end
        case 0x30...0x7E: return place + 2
        default: return place + 1
        }
    }

    /// The end of a control character of eight bits, and what belongs to it.
    private static func endOfControl(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        switch bytes[place + 1] {
        case 0x9B: endOfParameters(bytes, at: place + 2)
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: endOfString(bytes, at: place + 2)
        default: place + 2
        }
    }

    private static func endOfParameters(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] != 0x0A {
            place += 1
            if (0x40...0x7E).contains(bytes[place - 1]) { break }
        }
        return place
    }

    /// The end of a string for the terminal: BEL, ST, or the line's end.
    private static func endOfString(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] != 0x0A {
            place += 1
            if bytes[place - 1] == 0x07 { break }
            guard place - start > 1 else { continue }
            let pair = (bytes[place - 2], bytes[place - 1])
            if pair == (0x1B, 0x5C) || pair == (0xC2, 0x9C) { break }
        }
        return place
    }
}

/// Text from elsewhere for a terminal: colours stay, everything else that a terminal would obey goes.
///
/// A byte of a name that is not UTF-8 is shown as `\xE9`.
package enum TerminalText {
    private static let reset = Array("\u{1B}[0m".utf8)

    package static func harmless(_ text: String) -> String {
        var text = text
        return text.withUTF8 { utf8 in
            filtered(UnsafeRawBufferPointer(utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
            ?? text
    }

    package static func harmless(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes(filtered) ?? bytes }

    /// JSON with the control characters that it lets stand, DEL and those of eight bits, as escapes, and the bytes of names
    /// that are not UTF-8 as people see them.
    package static func escapedJSON(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 == 0x7F || $0 == 0xC2 || $0 == CarriedByte.start }) else { return json }
        var result: [UInt8] = []
        var place = 0
        while place < json.count {
            if let carried = json.withUnsafeBytes({ CarriedByte(in: $0, at: place) }) {
                result += "\\\(carried.shown)".utf8
                place += CarriedByte.width
                continue
            }
            let isPair = json[place] == 0xC2 && place + 1 < json.count && (0x80...0x9F).contains(json[place + 1])
            if isPair { place += 1 }
            let isControl = isPair || json[place] == 0x7F
            result += isControl ? Array("\\u00\(String(json[place], radix: 16))".utf8) : [json[place]]
            place += 1
        }
        return result
    }

    /// The text without what is not harmless, each line with the colours that it began put back; `nil` if all of it is
    /// harmless.
    private static func filtered(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.contains(where: { ControlSequence.isControl($0) || $0 == 0xC2 || $0 == CarriedByte.start }) else {
            return nil
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isColoured = false
        var place = 0
        while place < bytes.count {
            if let carried = CarriedByte(in: bytes, at: place) {
                result += carried.shown.utf8
                place += CarriedByte.width
                continue
            }
            guard let end = ControlSequence.end(in: bytes, at: place) else {
                if bytes[place] == 0x0A, isColoured { result += reset }
                if bytes[place] == 0x0A { isColoured = false }
                result.append(bytes[place])
                place += 1
                continue
            }
            if isColour(bytes[place..<end]) {
                result += bytes[place..<end]
                isColoured = !bytes[place..<end].elementsEqual(reset) && end - place > 3
            }
            place = end
        }
        return isColoured ? result + reset : result
    }

    /// Whether a sequence is `ESC [ … m` with numbers alone.
    private static func isColour(_ sequence: Slice<UnsafeRawBufferPointer>) -> Bool {
        sequence.starts(with: "\u{1B}[".utf8) && sequence.last == UInt8(ascii: "m")
            && sequence.dropFirst(2).dropLast().allSatisfy { (0x30...0x3B).contains($0) }
    }
}
