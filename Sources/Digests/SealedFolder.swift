import Diagnostics
import Files
import SystemPackage

/// A folder that is written once and then only read, such as an unpacked toolchain, with a file beside it that says what it was.
package struct SealedFolder: Sendable {
    package let path: FilePath

    package init(_ path: FilePath) { self.path = path }

    private var record: FilePath {
        path.removingLastComponent().appending(".\(path.lastComponent?.string ?? "").seal")
    }

    /// Keeps how the folder is now.
    package func seal() throws(Failure) {
        try keep(
            stamps: FolderDigest.hex(of: path, by: .stamps), contents: FolderDigest.hex(of: path, by: .contents))
    }

    /// Whether all is as it was sealed; a folder without a seal, such as one from another machine's cache, gets one.
    ///
    /// Contents are read only where stamps have changed, as they do where everything is copied to another disk.
    /// - Throws: `Failure` of code `unreadable`.
    package func isIntact() throws(Failure) -> Bool {
        guard record.exists else {
            // A folder that cannot be written to is taken as it is.
            try? seal()
            return true
        }
        guard record.isFile, let text = record.text else { return false }
        let known = text.split(separator: "\n").map(String.init)
        let stamps = try FolderDigest.hex(of: path, by: .stamps)
        guard known.count == 2 else { return false }
        if known[0] == stamps { return true }
        guard try known[1] == FolderDigest.hex(of: path, by: .contents) else { return false }
        try? keep(stamps: stamps, contents: known[1])
        return true
    }

    /// Removes what is not as it was sealed.
    /// - Parameter notice: told what is removed, and why.
    package func removeIfDamaged(notice: (String) -> Void) throws(Failure) {
        guard path.isFolder, try !isIntact() else { return }
        notice("something else has changed \(path) since mixpack made it: it is removed")
        try remove()
    }

    /// Removes the folder and its seal.
    package func remove() throws(Failure) {
        try path.remove()
        try record.remove()
    }

    private func keep(stamps: String, contents: String) throws(Failure) {
        try record.replace(with: "\(stamps)\n\(contents)\n".utf8)
    }
}
