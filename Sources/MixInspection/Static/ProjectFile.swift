import Glibc
import SystemPackage

/// Reading of files and folders, as little as an inspection needs.
enum ProjectFile {
    /// No file of a project that is worth a look is larger; a larger one is cut.
    private static let limit = 16 << 20

    /// The file's bytes, at most 16 MiB of them.
    static func bytes(_ path: FilePath) throws(Errno) -> [UInt8] {
        do {
            // A pipe would be waited for; what is no regular file is refused below.
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            defer { try? file.close() }
            return try read(file)
        } catch let error as Errno {
            throw error
        } catch {
            throw Errno.ioError
        }
    }

    /// The file's text, invalid UTF-8 repaired.
    static func text(_ path: FilePath) throws(Errno) -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    /// Whether there is such a file or folder.
    static func isThere(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

    /// Whether there is such a link, wherever it leads.
    static func isLink(_ path: FilePath) -> Bool {
        var status = stat()
        return lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether there is such a folder, or a link to one.
    static func isFolder(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path with every link followed; `nil` where it leads nowhere.
    static func resolved(_ path: FilePath) -> FilePath? {
        guard let real = realpath(path.string, nil) else { return nil }
        defer { free(real) }
        return FilePath(String(cString: real))
    }

    /// The names in a folder, sorted by bytes; none where it cannot be read.
    static func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func read(_ file: FileDescriptor) throws -> [UInt8] {
        var status = stat()
        let size = fstat(file.rawValue, &status) == 0 ? Int(status.st_size) : 0
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isRegular else { throw Errno.notSupported }
        return try [UInt8](unsafeUninitializedCapacity: min(size, limit)) { buffer, count in
            while count < buffer.count {
                let got = try file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
                if got == 0 { break }
                count += got
            }
        }
    }
}
