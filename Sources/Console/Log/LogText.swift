import TerminalUI

/// A log line made ready to draw: plain text, and stretches of it in styles.
struct LogText: Sendable {
    /// The text in UTF-8, tabs as blanks, without escape sequences.
    private(set) var bytes: [UInt8] = []
    private var runs: [(end: Int, style: Style)] = []
    private var isASCII = true

    init(_ line: LogLine) { self.init(line, role: Self.role(of: line.kind)) }

    init(_ line: LogLine, role: Role) {
        guard line.hasEscapes else {
            append(line.bytes, Style(role))
            return
        }
        var graphics = Graphics()
        for piece in EscapeSequences.pieces(of: line.bytes) {
            switch piece {
            case .text(let text): append(text, graphics.style(over: role))
            case .graphics(let codes): graphics.apply(codes)
            }
        }
    }

    private mutating func append(_ text: ArraySlice<UInt8>, _ style: Style) {
        for byte in text {
            if byte == 0x09 {
                repeat { bytes.append(0x20) } while bytes.count % 8 != 0
            } else {
                if byte >= 0x80 { isASCII = false }
                bytes.append(byte)
            }
        }
        runs.append((bytes.count, style))
    }

    /// The columns that the whole line takes.
    var columns: Int { isASCII ? bytes.count : String(decoding: bytes, as: UTF8.self).columns }

    /// How many rows the line takes when it is wrapped.
    func rowCount(width: Int) -> Int {
        guard width > 0 else { return 1 }
        return isASCII ? max(1, (bytes.count + width - 1) / width) : rowRanges(width: width).count
    }

    /// The byte ranges of the rows when the line is wrapped; never none.
    func rowRanges(width: Int) -> [Range<Int>] {
        guard width > 0, !bytes.isEmpty else { return [0..<bytes.count] }
        if isASCII { return stride(from: 0, to: bytes.count, by: width).map { $0..<min($0 + width, bytes.count) } }
        var ranges: [Range<Int>] = []
        var start = 0
        var end = 0
        var used = 0
        for character in String(decoding: bytes, as: UTF8.self) {
            let columns = Glyph(character).width
            if used + columns > width {
                ranges.append(start..<end)
                start = end
                used = 0
            }
            used += columns
            end += character.utf8.count
        }
        ranges.append(start..<min(end, bytes.count))
        return ranges
    }

    /// The byte range of what is to be seen from a column on.
    func range(fromColumn column: Int, width: Int) -> Range<Int> {
        if isASCII { return min(column, bytes.count)..<min(column + width, bytes.count) }
        var offset = 0
        var left = column
        for character in String(decoding: bytes, as: UTF8.self) {
            let columns = Glyph(character).width
            if left < columns { break }
            left -= columns
            offset += character.utf8.count
        }
        return min(offset, bytes.count)..<bytes.count
    }

    /// A byte range as a line, with the ranges of search matches in their roles.
    func line(in range: Range<Int>, matches: [Range<Int>] = [], matchRole: Role = .searchMatch) -> StyledLine {
        var spans: [Span] = []
        var start = range.lowerBound
        var run = 0
        while start < range.upperBound, run < runs.count {
            guard runs[run].end > start else {
                run += 1
                continue
            }
            var end = min(runs[run].end, range.upperBound)
            var style = runs[run].style
            if let match = matches.first(where: { $0.upperBound > start }) {
                if match.lowerBound <= start {
                    end = min(end, match.upperBound)
                    style = Style(matchRole)
                } else {
                    end = min(end, match.lowerBound)
                }
            }
            spans.append(Span(String(decoding: bytes[start..<end], as: UTF8.self), style: style))
            start = end
        }
        return StyledLine(spans)
    }

    /// The role of lines of a kind.
    static func role(of kind: LogLine.Kind) -> Role {
        switch kind {
        case .output, .errorOutput: .log
        case .notice: .logSource
        case .phase, .command: .logHeading
        case .buildpack: .logSource
        case .warning: .logWarning
        case .error: .logError
        }
    }
}
