import Glibc
import SystemPackage

/// Small files, whole.
enum FileText {
    /// A file's text; `nil` where it cannot be read.
    static func read(_ path: FilePath) -> String? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
        return try? file.closeAfter {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes += chunk.prefix(count)
            }
        }
    }

    /// Writes a file, and the folders above it where they are missing.
    static func write(_ text: String, to path: FilePath) throws {
        try makeFolder(path.removingLastComponent())
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    /// Makes a folder, and those above it, where they are missing.
    static func makeFolder(_ path: FilePath) throws {
        if mkdir(path.string, 0o755) == 0 || errno == EEXIST || path.isEmpty { return }
        guard errno == ENOENT else { throw Errno(rawValue: errno) }
        try makeFolder(path.removingLastComponent())
        guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }

    /// The names in a folder, sorted; empty where there is none.
    static func names(in folder: FilePath) -> [String] {
        guard let folder = opendir(folder.string) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

extension FileText {
    /// Removes a file, or a folder with all it holds; nothing happens where nothing is.
    static func removeAll(_ path: FilePath) {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path.string)
            return
        }
        chmod(path.string, 0o700)
        for name in names(in: path) { removeAll(path.appending(name)) }
        rmdir(path.string)
    }
}
