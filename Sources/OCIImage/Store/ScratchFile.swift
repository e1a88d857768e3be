import Diagnostics
import Files
import Glibc
import SystemPackage

/// A file for a while, removed with this value; one that a killed process left behind is removed by the store's next write.
package final class ScratchFile: Sendable {
    /// The file, empty at first.
    package let path: FilePath
    private let lock: FileLock

    /// Makes a file in a folder, which is made where it is missing.
    /// - Throws: `Failure` when it cannot be made.
    package init(in folder: FilePath) throws(Failure) {
        try folder.makeFolders()
        path = folder.appending("scratch-\(FilePath.uniqueName())")
        lock = try Self.lock(path)
    }

    private static func lock(_ path: FilePath) throws(Failure) -> FileLock {
        for _ in 0..<8 {
            let lock = try FileLock(creating: path)
            if path.fileSize != nil { return lock }
            // Between making and locking it, someone took it for left behind.
            lock.release()
        }
        throw Failure(.unreadable, "cannot create \(path)")
    }

    deinit {
        _ = unlink(path.string)
        lock.release()
    }
}
