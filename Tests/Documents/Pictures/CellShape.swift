/// A character that is drawn as a shape: a line of a frame, or a block.
enum CellShape: Hashable {
    /// The directions in which a line leaves the middle of the cell.
    struct Arms: OptionSet, Hashable {
        let rawValue: UInt8

        static let left = Arms(rawValue: 1)
        static let right = Arms(rawValue: 2)
        static let up = Arms(rawValue: 4)
        static let down = Arms(rawValue: 8)
    }

    case line(Arms)
    /// These eighths of the cell's height, counted from its top, with this part of the colour.
    case block(Range<Int>, shade: Double)
    /// The left half of the cell.
    case half

    /// The shape of a character; nil for text.
    init?(_ text: String) {
        switch text {
        case "─": self = .line([.left, .right])
        case "│", "┃": self = .line([.up, .down])
        case "┌": self = .line([.right, .down])
        case "┐": self = .line([.left, .down])
        case "└": self = .line([.right, .up])
        case "┘": self = .line([.left, .up])
        case "├": self = .line([.up, .down, .right])
        case "┤": self = .line([.up, .down, .left])
        case "█": self = .block(0..<8, shade: 1)
        case "▌": self = .half
        case "░": self = .block(0..<8, shade: 0.25)
        case "▒": self = .block(0..<8, shade: 0.5)
        default:
            guard let scalar = text.unicodeScalars.first, ("▁"..."▇").contains(scalar), text.unicodeScalars.count == 1
            else { return nil }
            self = .block(8 - Int(scalar.value - 0x2580)..<8, shade: 1)
        }
    }
}
