/// Names and paths as text that keeps every byte.
///
/// Linux takes any bytes but "/" and NUL as a name, and a `String` holds only UTF-8. So each byte that is not a part of valid
/// UTF-8 becomes one private character, U+10FE80 to U+10FEFF. The bytes of such a character in a name become four of them:
/// each name has one text, and each such text gives back the name.
extension String {
    /// The text of a name.
    package init(fileName bytes: some Collection<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self), !CarriedByte.mayBeIn(text) {
            self = text
        } else {
            self = CarriedByte.text(of: Array(bytes))
        }
    }

    /// The bytes of the name that the text is of.
    package var fileNameBytes: [UInt8] {
        guard CarriedByte.mayBeIn(self) else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in
            CarriedByte(scalar).map { [$0.byte] } ?? Array(UTF8.encode(scalar) ?? .init())
        }
    }

    /// Whether the name is not UTF-8.
    package var hasCarriedBytes: Bool {
        CarriedByte.mayBeIn(self) && unicodeScalars.contains { CarriedByte($0) != nil }
    }

    /// The text for people: a byte that is not UTF-8 is shown as `\xE9`.
    package var shownFileName: String {
        guard CarriedByte.mayBeIn(self) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if let carried = CarriedByte(scalar) { text += carried.shown } else { text.unicodeScalars.append(scalar) }
        }
    }
}

/// A byte of a name that is not UTF-8, and the character that stands for it.
struct CarriedByte {
    private static let first: UInt32 = 0x10_FE00
    /// The byte that such a character, and hardly any other, begins with in UTF-8.
    static let start: UInt8 = 0xF4
    /// The bytes that such a character takes in UTF-8.
    static let width = 4

    let byte: UInt8

    init?(_ scalar: Unicode.Scalar) {
        guard (Self.first + 0x80...Self.first + 0xFF).contains(scalar.value) else { return nil }
        byte = UInt8(scalar.value - Self.first)
    }

    /// The byte that is carried at a place of a text in UTF-8.
    init?(in bytes: UnsafeRawBufferPointer, at place: Int) {
        guard bytes[place] == Self.start, place + Self.width <= bytes.count, bytes[place + 1] == 0x8F,
            [0xBA, 0xBB].contains(bytes[place + 2]), bytes[place + 3] & 0xC0 == 0x80
        else { return nil }
        byte = bytes[place + 2] << 6 | bytes[place + 3] & 0x3F
    }

    var shown: String { "\\x" + String(byte, radix: 16, uppercase: true) }

    static func mayBeIn(_ text: String) -> Bool { text.utf8.contains(start) }

    static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var parser = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var place = 0
        while true {
            switch parser.parseScalar(from: &rest) {
            case .emptyInput: return String(text)
            case .valid(let encoded):
                let scalar = UTF8.decode(encoded)
                if CarriedByte(scalar) == nil {
                    text.append(scalar)
                } else {
                    text.append(contentsOf: encoded.compactMap(carrier))
                }
                place += encoded.count
            case .error(let length):
                text.append(contentsOf: bytes[place..<place + length].compactMap(carrier))
                place += length
            }
        }
    }

    private static func carrier(of byte: UInt8) -> Unicode.Scalar? { Unicode.Scalar(first + UInt32(byte)) }
}
