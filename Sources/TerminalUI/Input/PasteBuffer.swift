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
