import Glibc
import SystemPackage
import Text

/// What stands at a path.
package enum FileKind: Sendable, Hashable {
    case missing, file, folder, link, other

    init(_ mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}

extension FilePath {
    /// The bytes that the system knows the path by, with a NUL at the end; its text may carry some that are not UTF-8.
    package var nameBytes: [CChar] {
        withPlatformString { start in
            let bytes = UnsafeBufferPointer(start: start, count: strlen(start) + 1)
            // The byte that a character that carries one begins with.
            guard bytes.contains(-0x0C) else { return Array(bytes) }
            return string.fileNameBytes.map { CChar(bitPattern: $0) } + [0]
        }
    }

    /// What stands here; a link is a link.
    package var kind: FileKind { FileStamp(of: self)?.kind ?? .missing }

    /// Whether anything stands here, a link that leads nowhere included.
    package var exists: Bool { kind != .missing }

    /// What the path leads to; links are followed.
    ///
    /// In two looks, something that another process makes meanwhile would be neither a file nor missing.
    package var kindBehind: FileKind { FileStamp(behind: self)?.kind ?? .missing }

    /// Whether the path leads to something; links are followed.
    package var leadsSomewhere: Bool { kindBehind != .missing }

    /// Whether a folder stands here, or a link to one.
    package var isFolder: Bool { kindBehind == .folder }

    /// Whether a regular file stands here, or a link to one.
    package var isFile: Bool { kindBehind == .file }

    /// The size of the regular file that stands here, or that a link here leads to; `nil` where there is none.
    package var fileSize: Int64? { FileStamp(behind: self).flatMap { $0.kind == .file ? $0.size : nil } }

    /// The path without links and dots; `nil` where nothing is there.
    package var realPath: FilePath? {
        guard let real = realpath(nameBytes, nil) else { return nil }
        defer { free(real) }
        return FilePath(String(fileName: UnsafeRawBufferPointer(start: real, count: strlen(real))))
    }

    /// What a symbolic link says, as text that keeps its bytes; `nil` for anything else.
    package var linkTarget: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(nameBytes, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(fileName: buffer.prefix(count).map { UInt8(bitPattern: $0) })
    }

    /// The names in this folder, in the order of their bytes; none where it cannot be read.
    package var names: [String] {
        (try? FolderListing(self))?.entries.map(\.text) ?? []
    }

    /// The bytes of the files in this folder and below, or of this file; 0 where nothing is.
    package var treeSize: Int64 {
        guard let stamp = FileStamp(of: self) else { return 0 }
        return stamp.kind == .folder ? names.reduce(0) { $0 + appending($1).treeSize } : stamp.size
    }
}
