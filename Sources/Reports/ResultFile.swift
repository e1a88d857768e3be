import Diagnostics
import Files
import Lifecycle
import SystemPackage

/// Writes the last event of a build to a file, as `--ui json` does: what was built, or why it failed (docs/events.md).
package struct ResultFile: Reporter {
    private let path: FilePath
    private let warnings: TextSink

    /// Creates the writer; a file of an earlier build is removed, so that nobody takes it for this one's.
    /// - Parameter warnings: told when the file cannot be written in the end.
    /// - Throws: `Failure` where there is no such folder, or it is not a file that is there.
    package init(to path: FilePath, warnings: TextSink) throws(Failure) {
        guard path.removingLastComponent().isFolder, !path.isFolder else {
            throw Failure(
                .unwritable, "cannot write \(path): \(path.isFolder ? "it is a folder" : "its folder does not exist")",
                advice: "name a file in a folder that exists")
        }
        do {
            try path.remove()
        } catch {
            throw Failure(.unwritable, "cannot replace \(path): \(error)", advice: "check the folder's permissions")
        }
        self.path = path
        self.warnings = warnings
    }

    package mutating func handle(_ event: LifecycleEvent) {
        guard event.isTerminal else { return }
        do {
            try path.replace(with: EventLine.bytes(of: event), mode: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            warnings.write("warning: cannot write \(path): \(error)\n")
        }
    }
}
