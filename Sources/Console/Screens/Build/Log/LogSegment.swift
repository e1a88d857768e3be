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

    init(firstLine: Int) { self.firstLine = firstLine }

    var lineCount: Int { ends.count }
    var endLine: Int { firstLine + ends.count }
    /// A full segment takes no more lines, so that a copy of the store copies at most one open one.
    var isFull: Bool { ends.count >= 1024 || bytes.count >= 128 << 10 }

    /// What the segment occupies, in bytes.
    var footprint: Int { bytes.count + ends.count * 4 + runs.count * MemoryLayout<Run>.stride }

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
            number: firstLine + offset, kind: run.kind, time: Double(run.time), bytes: bytes[start..<Int(ends[offset])],
            hasEscapes: run.hasEscapes)
    }

    private func run(of offset: Int) -> Run {
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(runs[middle].firstLine) <= offset { low = middle } else { high = middle }
        }
        return runs[low]
    }
}
