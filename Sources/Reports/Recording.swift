import Diagnostics
import FoundationEssentials
import Lifecycle
import SystemPackage

/// A build that was recorded: its events with their times.
package struct Recording: Sendable, Hashable {
    package var header: RecordingHeader
    package var events: [LifecycleEvent]

    /// Reads a file that `RecordingWriter` wrote.
    ///
    /// A last line without a newline is left out: the build was killed while it was written.
    /// - Throws: `Failure` that names the line which is no event, or says that the file is no recording.
    package init(contentsOf path: FilePath) throws(Failure) {
        guard let data = try? Data(contentsOf: URL(filePath: path.string)) else {
            throw Failure(.unreadable, "cannot read the recording \(path)", advice: "check that the file exists")
        }
        try self.init(data, name: path.string)
    }

    init(_ data: Data, name: String) throws(Failure) {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last newline is empty, or was not written to its end.
        lines.removeLast()
        let decoder = JSONDecoder()
        guard let first = lines.first, let header = try? decoder.decode(RecordingHeader.self, from: first) else {
            throw Failure(
                .malformed, "\(name) is not a mixpack recording",
                advice: "record one with: mixpack build --record FILE")
        }
        guard header.format == RecordingHeader.currentFormat else {
            throw Failure(
                .malformed, "\(name) has format \(header.format); this mixpack reads \(RecordingHeader.currentFormat)",
                advice: "record it again, or use mixpack \(header.version)")
        }
        self.header = header
        events = []
        for (index, line) in lines.enumerated().dropFirst() {
            guard let event = try? decoder.decode(LifecycleEvent.self, from: line) else {
                throw Failure(.malformed, "\(name):\(index + 1): not an event", advice: "see docs/events.md")
            }
            events.append(event)
        }
    }
}

/// The first line of a recording.
package struct RecordingHeader: Sendable, Hashable, Codable {
    package static let currentFormat = 1

    package var format: Int
    package var version: String

    enum CodingKeys: String, CodingKey {
        case format = "mixpack-recording"
        case version
    }
}

/// Writes a build's events to a file from which `mixpack replay` shows them again (`--record FILE`).
///
/// The file is JSON lines: a header, then one event a line. Nothing is buffered, so that a build that is killed leaves
/// all that happened before.
package struct RecordingWriter: Reporter {
    private let file: TextSink

    /// Creates the file; one that is there is replaced.
    /// - Throws: `Failure` when it cannot be written.
    package init(to path: FilePath, version: String) throws(Failure) {
        file = try TextSink(creating: path)
        file.write(
            Array(#"{"mixpack-recording":\#(RecordingHeader.currentFormat),"version":"\#(version)"}"#.utf8) + [10])
    }

    package mutating func handle(_ event: LifecycleEvent) {
        file.write(EventLine.bytes(of: event))
    }
}
