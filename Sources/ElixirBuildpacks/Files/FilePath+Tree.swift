import Glibc
import SystemPackage

extension FilePath {
    /// Copies a file, or a folder with everything in it; modes are kept, links stay links.
    func copyTree(to place: FilePath) throws {
        guard let status = FileStatus.ofLink(self) else { throw Errno.noSuchFileOrDirectory }
        if status.isFolder {
            try place.createFolder()
            for name in entryNames { try appending(name).copyTree(to: place.appending(name)) }
            guard chmod(place.string, status.st_mode & 0o7777) == 0 else { throw Errno(rawValue: errno) }
        } else if let target = linkTarget {
            try place.makeLink(to: target)
        } else if status.isFile {
            try FileContent.copy(self, to: place, mode: status.st_mode & 0o7777)
        }
    }

    /// Whether both are the same file, or folders with the same in them: names, kinds, modes, links and content.
    func isSameTree(as other: FilePath) -> Bool {
        guard let mine = FileStatus.ofLink(self), let its = FileStatus.ofLink(other), mine.st_mode == its.st_mode
        else { return false }
        if mine.isFolder {
            let names = entryNames
            return names == other.entryNames && names.allSatisfy { appending($0).isSameTree(as: other.appending($0)) }
        }
        if mine.isFile { return (try? FileContent.isEqual(self, other)) == true }
        return linkTarget != nil && linkTarget == other.linkTarget
    }

    /// The bytes of the files in the folder; 0 where nothing is.
    var sizeOfTree: Int {
        guard let status = FileStatus.ofLink(self) else { return 0 }
        return status.isFolder ? entryNames.reduce(0) { $0 + appending($1).sizeOfTree } : Int(status.st_size)
    }
}
