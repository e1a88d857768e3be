import FoundationEssentials
import TerminalUI

/// A recording of a terminal in the second format of [asciinema](https://docs.asciinema.org/manual/asciicast/v2/).
struct Cast {
    let size: Size
    let title: String
    /// What is written to the terminal, with the seconds since the beginning.
    private(set) var writes: [(seconds: Double, text: String)] = []
    /// What the screen shows at the end.
    private(set) var screen: Canvas?

    init(size: Size, title: String) {
        self.size = size
        self.title = title
    }

    /// Adds what turns the last frame into this one, if anything does.
    mutating func add(_ frame: Frame, at seconds: Double, depth: ColorDepth) {
        let text = FrameText(frame, from: screen, depth: depth).text
        screen = frame.canvas
        if !text.isEmpty { writes.append((seconds, text)) }
    }

    /// Has players show the last frame until then.
    mutating func stay(until seconds: Double) { writes.append((seconds, "")) }

    /// The whole file: a header, then a line for each write.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Array(try encoder.encode(Header(version: 2, width: size.width, height: size.height, title: title)))
        for write in writes {
            bytes += Array("\n[\(Double(Int(write.seconds * 1000)) / 1000),\"o\",".utf8)
            bytes += try encoder.encode(write.text)
            bytes += [UInt8(ascii: "]")]
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    private struct Header: Encodable {
        var version: Int
        var width: Int
        var height: Int
        var title: String
    }
}
