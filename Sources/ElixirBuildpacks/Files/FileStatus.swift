import Glibc
import SystemPackage

/// What the file system says of a path.
enum FileStatus {
    /// The status of what is at the path, of the link itself where it is one.
    ///
    /// `nil` where nothing is there.
    static func ofLink(_ path: FilePath) -> stat? {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status : nil
    }

    /// The status of what the path leads to; `nil` where that is nothing.
    static func of(_ path: FilePath) -> stat? {
        var status = stat()
        return stat(path.string, &status) == 0 ? status : nil
    }
}

extension stat {
    /// Whether it is a folder.
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    /// Whether it is a symbolic link.
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
    /// Whether it is a regular file.
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
}
