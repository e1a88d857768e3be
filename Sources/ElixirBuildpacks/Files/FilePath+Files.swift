import Glibc
import SystemPackage

extension FilePath {
    /// Whether something is there; links are followed.
    var exists: Bool { access(string, F_OK) == 0 }

    /// Whether a folder is there; links are followed.
    var isFolder: Bool { FileStatus.of(self)?.isFolder ?? false }

    /// The path without links and dots; `nil` where nothing is there.
    var resolved: FilePath? {
        guard let real = realpath(string, nil) else { return nil }
        defer { free(real) }
        return FilePath(String(cString: real))
    }

    /// What a symbolic link says; `nil` for anything else.
    var linkTarget: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(string, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in the folder, sorted; empty where there is no folder.
    var entryNames: [String] {
        guard let folder = opendir(string) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes the folder, and the ones above it, where they are missing; only the owner may enter them.
    func createFolder() throws {
        if mkdir(string, 0o700) == 0 { return }
        let problem = Errno(rawValue: errno)
        if problem == .fileExists, isFolder { return }
        guard problem == .noSuchFileOrDirectory, removingLastComponent() != self else { throw problem }
        try removingLastComponent().createFolder()
        guard mkdir(string, 0o700) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }

    /// Removes the file or the folder with everything in it; nothing happens where nothing is.
    func removeAll() throws {
        guard let status = FileStatus.ofLink(self) else { return }
        if status.isFolder {
            chmod(string, 0o700)
            for name in entryNames { try appending(name).removeAll() }
            guard rmdir(string) == 0 else { throw Errno(rawValue: errno) }
        } else {
            guard unlink(string) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// Takes away links on the way from a folder to this place, and at the place itself.
    ///
    /// Project code may have put them there; followed, they would lead out of what it may write to.
    func clearLinks(below root: FilePath) throws {
        var place = root
        for component in components.dropFirst(root.components.count) {
            place.append(component)
            guard let status = FileStatus.ofLink(place) else { return }
            if status.isLink { return try place.removeAll() }
        }
    }

    /// Moves the file or folder; both places are on one file system.
    func move(to other: FilePath) throws {
        guard rename(string, other.string) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Makes a symbolic link here.
    func makeLink(to target: String) throws {
        guard symlink(target, string) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The whole file.
    func fileBytes() throws -> [UInt8] {
        let file = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return bytes }
                bytes.append(contentsOf: chunk.prefix(count))
            }
        }
    }

    /// The whole file as text; `nil` where it cannot be read.
    var fileText: String? {
        (try? fileBytes()).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes the whole file: it holds the old content or the new one at every moment.
    func replace(with bytes: some Sequence<UInt8>, mode: FilePermissions = [.ownerReadWrite]) throws {
        let new = FilePath(string + ".new")
        // What stands there may be a link, which must not be followed.
        try new.removeAll()
        let file = try FileDescriptor.open(
            new, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: mode)
        try file.closeAfter { _ = try file.writeAll(bytes) }
        try new.move(to: self)
    }
}
