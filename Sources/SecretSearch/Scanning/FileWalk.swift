import Glibc
import SystemPackage

/// Goes through the regular files below a folder, in the order of their names.
struct FileWalk {
    private let isSkipped: (String, Bool) -> Bool
    private let found: (String, String) throws -> Void

    /// Tells of each file by its path relative to the folder and its whole path.
    static func visit(
        _ folder: FilePath, skipping isSkipped: (_ path: String, _ isFolder: Bool) -> Bool,
        _ found: (_ path: String, _ full: String) throws -> Void
    ) throws {
        try withoutActuallyEscaping(isSkipped) { isSkipped in
            try withoutActuallyEscaping(found) { found in
                try FileWalk(isSkipped: isSkipped, found: found).visit(folder.string, below: "")
            }
        }
    }

    private func visit(_ folder: String, below: String) throws {
        for (name, type) in try entries(of: folder) {
            let path = below + name
            let full = folder + "/" + name
            let type = type == Int(DT_UNKNOWN) ? Self.type(of: full) : type
            guard !isSkipped(path, type == Int(DT_DIR)) else { continue }
            switch type {
            case Int(DT_DIR): try visit(full, below: path + "/")
            case Int(DT_REG): try found(path, full)
            default: break
            }
        }
    }

    private func entries(of folder: String) throws -> [(name: String, type: Int)] {
        guard let stream = opendir(folder) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var entries: [(name: String, type: Int)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { entries.append((name, Int(entry.pointee.d_type))) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The type where the file system does not tell it with the name.
    private static func type(of path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return Int(DT_UNKNOWN) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return Int(DT_DIR)
        case S_IFREG: return Int(DT_REG)
        default: return Int(DT_UNKNOWN)
        }
    }
}
