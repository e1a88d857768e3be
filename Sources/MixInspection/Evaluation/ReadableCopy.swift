import FoundationEssentials
import Glibc
import SystemPackage

/// A copy of a project for programs in the sandbox, which cannot read all of it or want to write to it.
///
/// Folders that are made from the project are left out, and so are files that no mix.exs reads for their size.
struct ReadableCopy {
    private static let largest = 16 << 20

    /// Copies a project's folder.
    /// - Throws: `MixError` of the kind `fileFailed`.
    static func make(of root: FilePath, at place: FilePath) throws(MixError) {
        try CacheFile.makeFolder(place)
        for name in ProjectFile.names(in: root) where !ProjectTree.skipped.contains(name) {
            let (from, to) = (root.appending(name), place.appending(name))
            var status = stat()
            guard lstat(from.string, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try make(of: from, at: to)
            case S_IFREG where status.st_size <= largest: try CacheFile.write(try bytes(from), to: to)
            case S_IFLNK: try copyLink(from, to)
            default: break
            }
        }
    }

    private static func bytes(_ file: FilePath) throws(MixError) -> [UInt8] {
        do throws(Errno) {
            return try ProjectFile.bytes(file)
        } catch {
            throw MixError(.fileFailed, "cannot read \(file): \(error)")
        }
    }

    private static func copyLink(_ link: FilePath, _ place: FilePath) throws(MixError) {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link.string),
            symlink(target, place.string) == 0
        else { throw MixError(.fileFailed, "cannot copy the link \(link)") }
    }
}
