import Diagnostics
import Files
import Glibc
import SystemPackage
import Text

/// Lists a folder with everything below it, without reading any file.
package struct FolderScan: Sendable {
    private let directory: FilePath

    package init(_ directory: FilePath) { self.directory = directory }

    /// Tells of every file and folder below, with its path relative to the folder, each folder before what is in it.
    ///
    /// What vanishes in the meantime is left out.
    /// - Throws: `Failure` when the folder itself cannot be read.
    package func run(_ found: (TarEntry) -> Void) throws(Failure) {
        try visit(try FolderListing(directory), below: "", found)
    }

    private func visit(
        _ listing: borrowing FolderListing, below: String, _ found: (TarEntry) -> Void
    ) throws(Failure) {
        for entry in listing.entries {
            guard let status = listing.status(of: entry.name) else { continue }
            let path = below + entry.text
            let kind: TarEntry.Kind =
                switch FileStamp(status).kind {
                case .folder: .directory
                case .file: .file(size: Int64(status.st_size))
                case .link:
                    .symlink(target: String(fileName: listing.linkTarget(of: entry.name) ?? []))
                case .other, .missing: .special
                }
            found(
                TarEntry(
                    path: path, kind: kind, mode: UInt16(status.st_mode & 0o7777),
                    owner: Owner(user: Int(status.st_uid), group: Int(status.st_gid)),
                    time: Int64(status.st_mtim.tv_sec)))
            guard kind == .directory else { continue }
            let child: FolderListing
            do throws(Failure) { child = try FolderListing(of: entry.name, in: listing, shown: path) } catch {
                continue
            }
            try visit(child, below: path + "/", found)
        }
    }
}
