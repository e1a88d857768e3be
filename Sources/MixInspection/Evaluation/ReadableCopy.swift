import BuildpackAPI
import Diagnostics
import Files
import Glibc
import SystemPackage

/// A copy of a project for programs in the sandbox, which cannot read all of it or want to write to it.
///
/// Folders that are made from the project are left out, and so are files that cannot be read, that no mix.exs reads for
/// their size, or that no build gets.
struct ReadableCopy {
    private static let largest = 1 << 20
    private static let largestOfAll = 256 << 20
    private var size = 0

    /// - Throws: `Failure` of the kind `fileFailed`.
    static func make(of root: FilePath, at place: FilePath) throws(Failure) {
        var copy = ReadableCopy()
        try copy.make(of: root, at: place)
    }

    private mutating func make(of root: FilePath, at place: FilePath) throws(Failure) {
        try place.makeFolders()
        for name in root.names where !ProjectTree.skipped.contains(name) && !SourceSelection.isKeptFromBuilds(name) {
            let (from, to) = (root.appending(name), place.appending(name))
            var status = stat()
            guard lstat(from.nameBytes, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try make(of: from, at: to)
            case S_IFREG where status.st_size <= Self.largest:
                guard let bytes = try? ProjectFile.bytes(from) else { continue }
                size += bytes.count
                guard size <= Self.largestOfAll else {
                    throw Failure(
                        .cannotPlan, "the project is too large to copy for the evaluation of mix.exs: \(root)")
                }
                try to.replace(with: bytes)
                chmod(to.nameBytes, status.st_mode & 0o100 | 0o600)
            case S_IFLNK: try Self.copyLink(from, to)
            default: break
            }
        }
    }

    private static func copyLink(_ link: FilePath, _ place: FilePath) throws(Failure) {
        guard let target = link.linkTarget, (try? place.makeLink(to: target)) != nil else {
            throw Failure(.cannotPlan, "cannot copy the link \(link)")
        }
    }
}
