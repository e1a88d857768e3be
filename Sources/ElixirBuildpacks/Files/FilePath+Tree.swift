import SystemPackage

extension FilePath {
    /// Copies a file, or a folder with everything in it; modes are kept, links stay links.
    func copyTree(to place: FilePath) throws {
        guard let status = FileStatus.ofLink(self) else { throw Errno.noSuchFileOrDirectory }
        if status.isFolder {
            try place.createFolder()
            for name in entryNames { try appending(name).copyTree(to: place.appending(name)) }
        } else if let target = linkTarget {
            try place.makeLink(to: target)
        } else if status.isFile {
            try FileContent.copy(self, to: place, mode: status.st_mode & 0o777 | 0o600)
        }
    }
}
