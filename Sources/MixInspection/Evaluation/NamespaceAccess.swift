import Files
import Glibc
import SystemPackage

/// What programs in the sandbox may read of the machine's files.
///
/// In a user namespace root has its own files only: those of other users are nobody's there, and the rights of others
/// hold for them, on the way to a file too.
struct NamespaceAccess {
    private let user = geteuid()
    private let group = getegid()

    /// Whether a file or folder, and every folder on the way to it, can be read.
    /// - Parameter path: absolute.
    func canRead(_ path: FilePath) -> Bool {
        var folder = path.removingLastComponent()
        while !folder.components.isEmpty {
            guard allows(X_OK, on: folder) else { return false }
            folder.removeLastComponent()
        }
        return allows(path.isFolder ? R_OK | X_OK : R_OK, on: path)
    }

    /// Whether all of these can be read; looks at each folder once.
    func canRead(all files: [FilePath]) -> Bool {
        Set(files.map { $0.removingLastComponent() }).allSatisfy { canRead($0) }
            && files.allSatisfy { allows(R_OK, on: $0) }
    }

    private func allows(_ rights: Int32, on path: FilePath) -> Bool {
        guard user == 0 else { return access(path.string, rights) == 0 }
        var status = stat()
        guard stat(path.string, &status) == 0 else { return false }
        let shift: UInt32 = status.st_uid == user ? 6 : status.st_gid == group ? 3 : 0
        return (status.st_mode >> shift) & UInt32(rights) == UInt32(rights)
    }
}
