import Diagnostics
import Glibc
import SystemPackage

/// The few things that layouts and the store do with files.
enum FileSystem {
    /// The size of a file; `nil` where there is none.
    static func size(of path: FilePath) -> Int64? {
        var status = stat()
        guard stat(path.string, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// Makes a folder and its parents.
    static func makeDirectory(_ path: FilePath, mode: mode_t) throws(Failure) {
        if mkdir(path.string, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.components.count > 1 else { throw .system(.unwritable, path.string) }
        try makeDirectory(path.removingLastComponent(), mode: mode)
        guard mkdir(path.string, mode) == 0 || errno == EEXIST else { throw .system(.unwritable, path.string) }
    }

    /// Reads a small file whole; `nil` where there is none.
    /// - Throws: `Failure` also when it is bigger than `limit`.
    static func read(_ path: FilePath, limit: Int64) throws(Failure) -> [UInt8]? {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .system(.unwritable, path.string)
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(.unwritable, path.string) }
        guard status.st_size <= limit else {
            throw Failure(.overLimit, "\(path) has \(status.st_size) bytes, more than the \(limit) allowed")
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { space, count in
            while count < space.count {
                let got = Glibc.read(descriptor, space.baseAddress?.advanced(by: count), space.count - count)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                count += got
            }
        }
        if failed { throw .system(.unwritable, path.string) }
        return bytes
    }

    /// Writes a new file.
    static func write(_ bytes: [UInt8], to path: FilePath, synchronize: Bool) throws(Failure) {
        let descriptor = open(path.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.unwritable, path.string) }
        defer { _ = close(descriptor) }
        let isWritten = bytes.withUnsafeBytes { part in
            var done = 0
            while done < part.count {
                let count = Glibc.write(descriptor, part.baseAddress?.advanced(by: done), part.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        guard isWritten, !synchronize || fdatasync(descriptor) == 0 else { throw .system(.unwritable, path.string) }
    }

    /// Moves a file to where it becomes visible, in place of what is there.
    static func rename(_ from: FilePath, to: FilePath) throws(Failure) {
        guard Glibc.rename(from.string, to.string) == 0 else { throw .system(.unwritable, to.string) }
    }

    /// Waits until files are on the disk.
    static func synchronize(_ files: [FilePath]) throws(Failure) {
        for file in files {
            let descriptor = open(file.string, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .system(.unwritable, file.string) }
            defer { _ = close(descriptor) }
            guard fdatasync(descriptor) == 0 else { throw .system(.unwritable, file.string) }
        }
    }

    /// The names in a folder, sorted; none where there is no folder.
    static func names(in path: FilePath) -> [String] {
        guard let stream = opendir(path.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, or a folder with everything in it; what is not there is fine.
    static func remove(_ path: FilePath) {
        if unlink(path.string) == 0 || errno == ENOENT { return }
        for name in names(in: path) { remove(path.appending(name)) }
        _ = rmdir(path.string)
    }
}
