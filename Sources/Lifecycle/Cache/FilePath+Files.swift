import Glibc
import SystemPackage

extension FilePath {
    /// Whether a folder stands here; a link to one counts.
    var isDirectory: Bool { kind(following: true) == S_IFDIR }

    /// Whether anything stands here, a dangling link included.
    var exists: Bool { kind(following: false) != nil }

    /// Makes this folder, with mode 700, and those above it.
    func makeDirectories() throws(Errno) {
        if isDirectory { return }
        let parent = removingLastComponent()
        if !parent.isEmpty && parent != self { try parent.makeDirectories() }
        if mkdir(string, 0o700) != 0 && errno != EEXIST { throw Errno(rawValue: errno) }
    }

    /// The whole file; `nil` where there is none or it cannot be read.
    func readFile() -> [UInt8]? {
        guard let file = try? FileDescriptor.open(self, .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        var status = Glibc.stat()
        guard fstat(file.rawValue, &status) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        return count == bytes.count ? bytes : Array(bytes.prefix(count))
    }

    /// Replaces the file in one step: written beside it, then renamed.
    func replaceFile(with bytes: [UInt8], mode: FilePermissions = .ownerReadWrite) throws {
        let temporary = FilePath(string + ".new.\(getpid())")
        let file = try FileDescriptor.open(
            temporary, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: mode)
        do {
            try file.closeAfter { _ = try file.writeAll(bytes) }
            if Glibc.rename(temporary.string, string) != 0 { throw Errno(rawValue: errno) }
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    /// The names in this folder, without `.` and `..`; empty where there is none.
    func directoryNames() -> [String] {
        guard let directory = opendir(string) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = entry.pointee.name
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes whatever stands here, folders with all they hold.
    func removeAll() {
        if kind(following: false) == S_IFDIR {
            for name in directoryNames() { appending(name).removeAll() }
            rmdir(string)
        } else {
            unlink(string)
        }
    }

    /// The path with links resolved, where it exists.
    var realPath: FilePath? {
        guard let resolved = realpath(string, nil) else { return nil }
        defer { free(resolved) }
        return FilePath(String(cString: resolved))
    }

    private func kind(following: Bool) -> mode_t? {
        var status = Glibc.stat()
        guard fstatat(AT_FDCWD, string, &status, following ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return status.st_mode & S_IFMT
    }
}

extension dirent {
    /// The entry's name.
    var name: String {
        withUnsafePointer(to: d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: d_name)) {
                String(cString: $0)
            }
        }
    }
}
