import Files
import Glibc
import SystemPackage

/// Keeps mix from missing an edit that comes within a second of the last compilation.
///
/// mix takes a source for changed when its time, in whole seconds, is later than that of its own record. An edit in the
/// same second is not, and without a change in size it would be missed.
enum CompilationTimes {
    /// Sets records of a compilation of this second back by a few seconds, so that every edit of now is later.
    /// - Parameter applications: the project's own; dependencies are not edited.
    static func setBack(_ applications: [String], in copy: FilePath) throws {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let limit = (Int64(now.tv_sec) - 2) * 1_000_000_000
        let builds = copy.appending("_build")
        for environment in builds.names {
            let libraries = builds.appending(environment).appending("lib")
            for application in applications {
                let records = libraries.appending(application).appending(".mix")
                try records.removeLinks(below: copy)
                for name in records.names { try setBack(records.appending(name), to: limit) }
            }
        }
    }

    private static func setBack(_ file: FilePath, to limit: Int64) throws {
        guard let stamp = FileStamp(of: file), stamp.kind == .file, stamp.modified > limit else { return }
        try file.setModified(limit)
    }
}
