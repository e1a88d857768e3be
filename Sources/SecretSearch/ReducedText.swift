import Glibc
import Text

/// A text without some of its bytes, and where each of those that are left comes from.
struct ReducedText {
    private(set) var bytes: [UInt8] = []
    private var places: [Int] = []

    mutating func append(_ byte: UInt8, from place: Int) {
        bytes.append(byte)
        places.append(place)
    }

    mutating func removeLast() {
        _ = bytes.popLast()
        _ = places.popLast()
    }

    /// The part of the original that a part of this text comes from.
    func original(_ range: Range<Int>) -> Range<Int> {
        guard let last = range.last else { return 0..<0 }
        return places[range.lowerBound]..<(places[last] + 1)
    }
}

/// A text as a terminal or mixpack's console shows it: without escape sequences, control characters and characters of no
/// width.
///
/// Specification: [ECMA-48](https://ecma-international.org/publications-and-standards/standards/ecma-48/), section 5.
struct ShownText {
    private var reduced = ReducedText()
    /// Whether a backspace takes back the character before it, as on a terminal, or is left out like the rest.
    private let takesBack: Bool

    var bytes: [UInt8] { reduced.bytes }

    /// Takes a text; `nil` if all of it is shown.
    init?(_ bytes: some Collection<UInt8>) {
        let found = Array(bytes).withUnsafeBytes { ShownText($0) }
        guard let found else { return nil }
        self = found
    }

    /// Takes a text; `nil` if all of it is shown.
    init?(_ bytes: UnsafeRawBufferPointer, takingBack: Bool = false) {
        guard Self.hasHidden(bytes) else { return nil }
        takesBack = takingBack
        var place = 0
        while place < bytes.count { place = read(bytes, at: place) }
    }

    func original(_ range: Range<Int>) -> Range<Int> { reduced.original(range) }

    private static func hasHidden(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            if ControlSequence.isControl(byte) || byte >= 0xC2 && hiddenWidth(bytes, at: place) > 0 { return true }
            place += 1
        }
        return false
    }

    /// Takes in what begins at a place, and answers where the next begins.
    private mutating func read(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        if takesBack, bytes[place] == 0x08 { reduced.removeLast() }
        if let end = ControlSequence.end(in: bytes, at: place) { return end }
        let hidden = bytes[place] < 0xC2 ? 0 : Self.hiddenWidth(bytes, at: place)
        if hidden > 0 { return place + hidden }
        reduced.append(bytes[place], from: place)
        return place + 1
    }

    /// How many bytes a character takes that is not shown; 0 for one that is.
    private static func hiddenWidth(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        guard let (value, width) = scalar(bytes, at: place) else { return 0 }
        switch value {
        case 0x80...0x9F, 0xAD, 0x034F, 0x061C, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F,
            0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE0FFF:
            return width
        default: return 0
        }
    }

    private static func scalar(_ bytes: UnsafeRawBufferPointer, at place: Int) -> (value: UInt32, width: Int)? {
        let first = bytes[place]
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, place + width <= bytes.count else { return nil }
        var value = UInt32(first) & (0xFF >> UInt32(width + 1))
        for index in 1..<width {
            guard bytes[place + index] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[place + index] & 0x3F)
        }
        return (value, width)
    }
}

/// A text whose long lines are joined, as base64 is broken after 64 or 76 characters.
struct JoinedText {
    private var reduced = ReducedText()
    /// Shorter lines are no broken base64.
    private static let shortest = 40

    var bytes: [UInt8] { reduced.bytes }

    /// Takes a text; `nil` if there is nothing to join.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var breaks: [Range<Int>] = []
        var place = 0
        while let newline = Self.newline(in: bytes, from: place) {
            place = newline + 1
            let end = newline > 0 && bytes[newline - 1] == 0x0D ? newline - 1 : newline
            guard Self.isLong(bytes, upTo: end), let next = Self.endOfBreak(bytes, at: end) else { continue }
            breaks.append(end..<next)
            place = next
        }
        guard !breaks.isEmpty else { return nil }
        place = 0
        for gap in breaks {
            while place < gap.lowerBound { append(bytes, &place) }
            place = gap.upperBound
        }
        while place < bytes.count { append(bytes, &place) }
    }

    func original(_ range: Range<Int>) -> Range<Int> { reduced.original(range) }

    private mutating func append(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        reduced.append(bytes[place], from: place)
        place += 1
    }

    private static func newline(in bytes: UnsafeRawBufferPointer, from place: Int) -> Int? {
        guard let base = bytes.baseAddress, place < bytes.count else { return nil }
        return memchr(base + place, 0x0A, bytes.count - place).map { UnsafeRawPointer($0) - base }
    }

    /// Whether a line ends in as much base64 as one that is broken there.
    private static func isLong(_ bytes: UnsafeRawBufferPointer, upTo end: Int) -> Bool {
        end >= shortest && bytes[(end - shortest)..<end].reversed().allSatisfy(isDigit)
    }

    /// Where the next line's base64 begins behind a line's end; `nil` if there is none.
    private static func endOfBreak(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
        var place = start
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        return place < bytes.count && isDigit(bytes[place]) ? place : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "+/-_=".utf8.contains(byte)
        }
    }
}
