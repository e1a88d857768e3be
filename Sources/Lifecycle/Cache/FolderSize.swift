import Glibc
import SystemPackage

/// How many files a folder holds, and their bytes; links count as files of no size.
struct FolderSize {
    private(set) var files = 0
    private(set) var bytes: Int64 = 0

    init(of folder: FilePath) { visit(folder) }

    private mutating func visit(_ folder: FilePath) {
        for name in folder.directoryNames() {
            let path = folder.appending(name)
            guard let stamp = FileStamp(of: path) else { continue }
            if stamp.kind == S_IFDIR {
                visit(path)
            } else {
                files += 1
                bytes += stamp.kind == S_IFREG ? stamp.size : 0
            }
        }
    }
}
