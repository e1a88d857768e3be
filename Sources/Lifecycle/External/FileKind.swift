import Glibc
import SystemPackage

/// What stands at a path; links are not followed.
enum FileKind {
    case missing, file, folder, link, other

    init(at path: FilePath) {
        guard let stamp = FileStamp(of: path) else {
            self = .missing
            return
        }
        switch stamp.kind {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        default: self = .other
        }
    }
}
