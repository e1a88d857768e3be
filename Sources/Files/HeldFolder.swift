import Diagnostics
import SystemPackage

/// A folder for one piece of work that is locked as long as its process works there, so that others can tell what a killed
/// process has left.
package struct HeldFolder: Sendable {
    package let path: FilePath
    private let lock: FileLock

    /// Makes a folder of an own name in another, which is made where it is missing.
    package init(in parent: FilePath) throws(Failure) {
        var made = try Self.make(in: parent)
        // Before it was locked, somebody may have taken it for what a killed process left.
        while !made.path.isFolder {
            made.lock.release()
            made = try Self.make(in: parent)
        }
        (path, lock) = made
    }

    private static func make(in parent: FilePath) throws(Failure) -> (path: FilePath, lock: FileLock) {
        let folder = try ScratchFolder(in: parent).path
        return (folder, try FileLock(folder))
    }

    /// Removes it with all it holds, and gives the lock back; what cannot be removed stays.
    package func remove() {
        try? path.remove()
        lock.release()
    }

    /// Removes a folder that no living process works in.
    package static func removeIfFree(_ folder: FilePath) {
        guard let lock = FileLock(ifFree: folder) else { return }
        try? folder.remove()
        lock.release()
    }
}
