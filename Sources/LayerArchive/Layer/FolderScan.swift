import Diagnostics
import Files
import Glibc
import SystemPackage

/// Lists a folder with everything below it, without reading any file.
package struct FolderScan: Sendable {
    private let directory: FilePath

    /// Takes a folder.
    package init(_ directory: FilePath) { self.directory = directory }

    /// Tells of every file and folder below, with its path relative to the folder, each folder before what is in it.
    ///
    /// What vanishes in the meantime is left out.
    /// - Throws: `Failure` when the folder itself cannot be read.
    package func run(_ found: (TarEntry) -> Void) throws(Failure) {
        let descriptor = open(directory.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unreadable, directory.string) }
        try visit(descriptor, below: "", found)
    }

    private func visit(_ descriptor: Int32, below: String, _ found: (TarEntry) -> Void) throws(Failure) {
        let listing = try FolderListing(adopting: descriptor, name: below)
        for name in listing.entries.map(\.name) {
            var status = stat()
            guard fstatat(listing.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let path = below + String(decoding: name.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let kind = kind(status, name, listing.descriptor)
            found(
                TarEntry(
                    path: path, kind: kind, mode: UInt16(status.st_mode & 0o7777),
                    owner: Owner(user: Int(status.st_uid), group: Int(status.st_gid)),
                    time: Int64(status.st_mtim.tv_sec)))
            guard kind == .directory else { continue }
            let child = openat(listing.descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            if child >= 0 { try visit(child, below: path + "/", found) }
        }
    }

    private func kind(_ status: stat, _ name: [CChar], _ directory: Int32) -> TarEntry.Kind {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: .directory
        case S_IFREG: .file(size: Int64(status.st_size))
        case S_IFLNK: .symlink(target: target(name, directory))
        default: .special
        }
    }

    private func target(_ name: [CChar], _ directory: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { space in
            guard let start = space.baseAddress else { return "" }
            let count = readlinkat(directory, name, start, space.count)
            return String(decoding: space.prefix(max(count, 0)), as: UTF8.self)
        }
    }
}
