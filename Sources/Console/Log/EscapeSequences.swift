/// Terminal escape sequences in what programs print.
///
/// Only colours and attributes (SGR) mean anything to the log pane; every other sequence is dropped.
enum EscapeSequences {
    /// A stretch of text, or a change of colours.
    enum Piece: Equatable {
        case text(ArraySlice<UInt8>)
        case graphics([Int])
    }

    /// The bytes without any escape sequence.
    static func removed(from bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for case .text(let text) in pieces(of: bytes) { result.append(contentsOf: text) }
        return result
    }

    /// The bytes as text and changes of colours, in order.
    static func pieces(of bytes: ArraySlice<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes
        while let escape = rest.firstIndex(of: 0x1B) {
            if escape > rest.startIndex { pieces.append(.text(rest[rest.startIndex..<escape])) }
            let (end, graphics) = sequence(in: rest[escape...])
            if let graphics { pieces.append(.graphics(graphics)) }
            rest = rest[end...]
        }
        if !rest.isEmpty { pieces.append(.text(rest)) }
        return pieces
    }

    /// The end of the sequence that begins the slice, and its numbers where it sets graphics.
    private static func sequence(in bytes: ArraySlice<UInt8>) -> (end: Int, graphics: [Int]?) {
        let second = bytes.startIndex + 1
        guard second < bytes.endIndex else { return (bytes.endIndex, nil) }
        switch bytes[second] {
        case UInt8(ascii: "["): return control(in: bytes, from: second + 1)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            return (stringEnd(in: bytes, from: second + 1), nil)
        case 0x20...0x2F: return (min(second + 2, bytes.endIndex), nil)
        default: return (second + 1, nil)
        }
    }

    private static func control(in bytes: ArraySlice<UInt8>, from start: Int) -> (end: Int, graphics: [Int]?) {
        guard let end = bytes[start...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return (bytes.endIndex, nil)
        }
        guard bytes[end] == UInt8(ascii: "m") else { return (end + 1, nil) }
        let parts = bytes[start..<end].split(omittingEmptySubsequences: false) { $0 == 0x3B || $0 == 0x3A }
        return (end + 1, parts.map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 })
    }

    private static func stringEnd(in bytes: ArraySlice<UInt8>, from start: Int) -> Int {
        for index in bytes[start...].indices {
            if bytes[index] == 0x07 { return index + 1 }
            if bytes[index] == 0x1B { return index + 1 < bytes.endIndex ? index + 2 : bytes.endIndex }
        }
        return bytes.endIndex
    }
}
