import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage

/// Writes a build's events to a file from which `mixpack replay` shows them again (`--record FILE`).
///
/// The file is JSON lines: a header, then one event a line. Nothing is buffered, so that a build that is killed leaves
/// all that happened before.
package struct RecordingWriter: Reporter {
    private let file: OpenFile

    /// Creates the file; one that is there is replaced.
    /// - Throws: `Failure` when it cannot be written.
    package init(to path: FilePath, version: String) throws(Failure) {
        file = try OpenFile(creating: path)
        file.write(
            Array(#"{"mixpack-recording":\#(RecordingHeader.currentFormat),"version":"\#(version)"}"#.utf8) + [10])
    }

    /// Writes the event.
    package mutating func handle(_ event: LifecycleEvent) {
        file.write(EventLine.bytes(of: event))
    }
}
