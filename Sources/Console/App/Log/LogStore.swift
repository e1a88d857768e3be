import Glibc
import TerminalUI

/// The last lines of a build's log, in memory: bounded in lines and in bytes, cheap to copy, quick to append to.
///
/// The whole log lies on disk; this is what the log pane scrolls, searches and filters. Nothing is parsed on the way
/// in but line ends: escape sequences and widths are looked at for the rows on screen only.
package struct LogStore: Sendable {
    /// How many lines have ever been appended.
    package private(set) var endLine = 0
    /// The bytes that the kept lines occupy.
    package private(set) var footprint = 0

    private var segments: [LogSegment] = []
    private let maximumLines: Int
    private let maximumBytes: Int

    /// Creates an empty store; by default for 100,000 lines and 48 MB.
    package init(maximumLines: Int = 100_000, maximumBytes: Int = 48 << 20) {
        self.maximumLines = maximumLines
        self.maximumBytes = maximumBytes
    }

    /// The number of the first line that is still kept.
    package var firstLine: Int { segments.first?.firstLine ?? 0 }
    /// How many lines are kept.
    package var count: Int { endLine - firstLine }
    /// Whether nothing is kept.
    package var isEmpty: Bool { count == 0 }

    /// Appends whole lines; the last one may lack its newline.
    package mutating func append(_ text: String, kind: LogLine.Kind, time: Double) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0), kind: kind, time: time) }
    }

    /// The line of a number; `nil` when it was never there or is kept no more.
    package func kept(_ number: Int) -> LogLine? {
        guard number >= firstLine, number < endLine else { return nil }
        let segment = segments[index(ofLine: number)]
        return segment.line(at: number - segment.firstLine)
    }

    /// Calls `body` for each line of a range, in order, until it returns false.
    package func forEachLine(in range: Range<Int>, _ body: (LogLine) -> Bool) {
        let range = range.clamped(to: firstLine..<endLine)
        guard !range.isEmpty else { return }
        var number = range.lowerBound
        for segment in segments[index(ofLine: number)...] {
            while number < segment.endLine {
                guard number < range.upperBound, body(segment.line(at: number - segment.firstLine)) else { return }
                number += 1
            }
        }
    }

    private mutating func append(_ buffer: UnsafeRawBufferPointer, kind: LogLine.Kind, time: Double) {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
        let hasEscapes = memchr(base, 0x1B, buffer.count) != nil || memchr(base, 0x0D, buffer.count) != nil
        openSegment()
        let last = segments.count - 1
        let before = segments[last].footprint
        segments[last].beginRun(kind: kind, hasEscapes: hasEscapes, time: time)
        segments[last].append(buffer, endings: Self.lineEnds(in: base, count: buffer.count))
        endLine = segments[last].endLine
        footprint += segments[last].footprint - before
        dropOldest()
    }

    private mutating func openSegment() {
        if let last = segments.last, !last.isFull { return }
        segments.append(LogSegment(firstLine: endLine))
    }

    private mutating func dropOldest() {
        var dropped = 0
        while segments.count - dropped > 1, let second = segments.dropFirst(dropped + 1).first,
            endLine - second.firstLine >= maximumLines || footprint > maximumBytes
        {
            footprint -= segments[dropped].footprint
            dropped += 1
        }
        if dropped > 0 { segments.removeFirst(dropped) }
    }

    /// Makes a line of another kind: a message of the compiler that an event has named.
    package mutating func mark(_ number: Int, as kind: LogLine.Kind) {
        guard number >= firstLine, number < endLine else { return }
        let index = index(ofLine: number)
        segments[index].mark(number - segments[index].firstLine, as: kind)
    }

    /// The first line of output in a range that has a text in it and is not marked.
    func firstOutput(with text: String, in range: Range<Int>) -> Int? {
        var found: Int?
        forEachLine(in: range) { line in
            if line.kind.isOutput, line.contains(text) { found = line.number }
            return found == nil
        }
        return found
    }

    private func index(ofLine number: Int) -> Int {
        max(0, segments.endOfPrefix(where: { $0.firstLine <= number }) - 1)
    }

    private static func lineEnds(in base: UnsafeRawPointer, count: Int) -> [UInt32] {
        var ends: [UInt32] = []
        ends.reserveCapacity(count / 40 + 1)
        var offset = 0
        while offset < count, let found = memchr(base + offset, 0x0A, count - offset) {
            let end = UnsafeRawPointer(found) - base
            ends.append(UInt32(end))
            offset = end + 1
        }
        // The last line may lack its newline: the segment adds it.
        if offset < count { ends.append(UInt32(count)) }
        return ends
    }
}

extension LogStore: LogSource {
    /// The numbers of the lines that are kept.
    package var lines: Range<Int> { firstLine..<endLine }

    /// A line as it is drawn; empty for one that is kept no more.
    package func line(_ number: Int) -> StyledLine { kept(number)?.styled ?? StyledLine() }

    /// A line's text without colours, which is what is searched.
    package func text(_ number: Int) -> String { kept(number)?.text ?? "" }
}

/// A stretch of the log: bytes, where lines end, and who wrote which.
///
/// A line costs its bytes and four more; what is the same for many lines is kept once a run.
struct LogSegment: Sendable {
    /// Lines that one source wrote at one time.
    struct Run: Sendable {
        var firstLine: Int32
        var kind: LogLine.Kind
        var hasEscapes: Bool
        var time: Float
    }

    /// The number of the first line in the whole log.
    let firstLine: Int
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt32] = []
    private(set) var runs: [Run] = []
    /// Lines of another kind than their run, by their place in the segment.
    private var marks: [Int: LogLine.Kind] = [:]

    init(firstLine: Int) { self.firstLine = firstLine }

    var endLine: Int { firstLine + ends.count }
    /// A full segment takes no more lines, so that a copy of the store copies at most one open one.
    var isFull: Bool { ends.count >= 1024 || bytes.count >= 128 << 10 }

    /// What the segment occupies, in bytes.
    var footprint: Int { bytes.count + ends.count * 4 + runs.count * MemoryLayout<Run>.stride + marks.count * 16 }

    mutating func mark(_ offset: Int, as kind: LogLine.Kind) { marks[offset] = kind }

    mutating func beginRun(kind: LogLine.Kind, hasEscapes: Bool, time: Double) {
        let time = Float(time)
        if let last = runs.last, last.kind == kind, last.hasEscapes == hasEscapes, last.time == time { return }
        runs.append(Run(firstLine: Int32(ends.count), kind: kind, hasEscapes: hasEscapes, time: time))
    }

    /// Appends lines with the offsets of their ends; adds the newline that the last one lacks.
    mutating func append(_ buffer: UnsafeRawBufferPointer, endings: [UInt32]) {
        let base = UInt32(bytes.count)
        bytes.append(contentsOf: buffer)
        if buffer.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        ends.append(contentsOf: endings.lazy.map { $0 + base })
    }

    /// The line at an offset within the segment.
    func line(at offset: Int) -> LogLine {
        let start = offset == 0 ? 0 : Int(ends[offset - 1]) + 1
        let run = self.run(of: offset)
        return LogLine(
            number: firstLine + offset, kind: marks[offset] ?? run.kind, time: Double(run.time),
            bytes: bytes[start..<Int(ends[offset])],
            hasEscapes: run.hasEscapes)
    }

    private func run(of offset: Int) -> Run {
        runs[max(0, runs.endOfPrefix(where: { $0.firstLine <= offset }) - 1)]
    }
}
