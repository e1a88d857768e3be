import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage

/// Keeps the whole log of each build in a file, commands and all, and the last 20 files.
package struct LogFileWriter: Reporter {
    /// How many logs a project keeps, this one included.
    package static let keptLogs = 20

    package let path: FilePath
    private var reporter: PlainReporter

    /// Opens the log of a build that begins now, in the project's folder of logs, and removes the oldest beyond the limit.
    /// - Parameters:
    ///   - folder: made, for its owner alone, where it is missing.
    ///   - now: names the file, for example `2026-11-23T05-04-43.120Z.log`.
    /// - Throws: `Failure` when the folder or the file cannot be made.
    package init(in folder: FilePath, now: Date) throws(Failure) {
        do throws(Failure) {
            try folder.makeFolders()
        } catch {
            throw Failure(
                .unwritable, "cannot make \(folder)", advice: "check the permissions of the folder above")
        }
        path = folder.appending(Self.name(at: now))
        reporter = PlainReporter(to: try TextSink(creating: path), showsCommands: true, keepsBytes: true)
        for old in Self.logs(in: folder).dropLast(Self.keptLogs) { try? old.remove() }
    }

    package mutating func handle(_ event: LifecycleEvent) { reporter.handle(event) }

    /// The logs in a folder, the oldest first.
    package static func logs(in folder: FilePath) -> [FilePath] {
        folder.names.filter { $0.hasSuffix(".log") }.map { folder.appending($0) }
    }

    /// Builds of one project come one after another, so that a name with milliseconds is a new one.
    private static func name(at now: Date) -> String {
        let stamp = now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return stamp.split(separator: ":").joined(separator: "-") + ".log"
    }
}
