import Diagnostics
import Glibc
import SystemPackage

/// A folder for one piece of work that is locked as long as its process works there, so that others can tell what a killed
/// process has left.
///
/// A process's number would not tell it: one in another container, with numbers of its own, may share the place.
package struct HeldFolder: Sendable {
    package let path: FilePath
    private let lock: FileLock

    /// Makes a folder of an own name in another, which is made where it is missing.
    package init(in parent: FilePath, prefix: String = "mixpack-") throws(Failure) {
        var made = try Self.make(in: parent, prefix)
        // Before it was locked, somebody may have taken it for what a killed process left.
        while !made.path.isFolder {
            made.lock.release()
            made = try Self.make(in: parent, prefix)
        }
        (path, lock) = made
    }

    private static func make(
        in parent: FilePath, _ prefix: String
    ) throws(Failure) -> (path: FilePath, lock: FileLock) {
        while true {
            let folder = try ScratchFolder(in: parent, prefix: prefix).path
            do { return (folder, try FileLock(folder)) } catch { if folder.exists { throw error } }
        }
    }

    /// Removes it with all it holds, and gives the lock back; what cannot be removed stays.
    package func remove() {
        try? path.remove()
        lock.release()
    }

    /// Removes the folders of that prefix that are this user's and that no living process works in.
    package static func removeAbandoned(in parent: FilePath, prefix: String = "mixpack-") {
        for name in parent.names where name.hasPrefix(prefix) { removeIfFree(parent.appending(name)) }
    }

    private static func removeIfFree(_ folder: FilePath) {
        guard isOwn(folder), let lock = FileLock(ifFree: folder) else { return }
        try? folder.remove()
        lock.release()
    }

    /// Whether it is a folder of this user's; a place that all write to may hold links and pipes of others.
    private static func isOwn(_ folder: FilePath) -> Bool {
        var status = stat()
        guard lstat(folder.nameBytes, &status) == 0 else { return false }
        return FileKind(status.st_mode) == .folder && status.st_uid == geteuid()
    }
}
