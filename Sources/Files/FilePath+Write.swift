import Diagnostics
import Glibc
import SystemPackage
import Text

extension FilePath {
    /// Makes this folder, and those above it, where they are missing; by default only the owner may enter.
    /// - Throws: `Failure` of code `unwritable`.
    package func makeFolders(mode: UInt32 = 0o700) throws(Failure) {
        if isEmpty || mkdir(nameBytes, mode) == 0 || errno == EEXIST && isFolder { return }
        guard errno == ENOENT, removingLastComponent() != self else { throw .system(.unwritable, string) }
        try removingLastComponent().makeFolders(mode: mode)
        guard mkdir(nameBytes, mode) == 0 || isFolder else { throw .system(.unwritable, string) }
    }

    /// Replaces the file in one step: at each moment it holds the old content or the new one, also when this ends early.
    /// - Parameters:
    ///   - mode: the permissions of a new file; by default only the owner may read it.
    ///   - synchronize: whether to wait until the content is on the disk.
    /// - Throws: `Failure` of code `unwritable`; the file is then as it was, and nothing is left beside it.
    package func replace(
        with bytes: some Collection<UInt8>, mode: FilePermissions = .ownerReadWrite, synchronize: Bool = false
    ) throws(Failure) {
        let new = FilePath("\(string).\(Self.uniqueName()).new")
        do {
            let file = try FileDescriptor.open(
                new.nameBytes, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: mode)
            try file.closeAfter {
                _ = try file.writeAll(bytes)
                if synchronize, fdatasync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
            }
            guard rename(new.nameBytes, nameBytes) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(new.nameBytes)
            throw .system(.unwritable, string, errno: (error as? Errno)?.rawValue ?? EIO)
        }
    }

    /// Moves the file or folder; both places are on one file system, and a file that is there is replaced.
    /// - Throws: `Failure` of code `unwritable` that names the new place.
    package func move(to other: FilePath) throws(Failure) {
        guard rename(nameBytes, other.nameBytes) == 0 else { throw .system(.unwritable, other.string) }
    }

    /// Moves the file or folder; copies it where the other place is on another file system.
    /// - Throws: `Failure` that names the path.
    package func moveOrCopy(to other: FilePath) throws(Failure) {
        if rename(nameBytes, other.nameBytes) == 0 { return }
        guard errno == EXDEV else { throw .system(.unwritable, other.string) }
        try copyTree(to: other)
        try remove()
    }

    /// Makes a symbolic link here; the target is text that keeps its bytes, as `linkTarget` gives it.
    /// - Throws: `Failure` of code `unwritable`.
    package func makeLink(to target: String) throws(Failure) {
        guard symlink(target.fileNameBytes.map { CChar(bitPattern: $0) } + [0], nameBytes) == 0 else {
            throw .system(.unwritable, string)
        }
    }

    /// Removes links on the way from a folder to this place, and at the place itself.
    ///
    /// Project code may have put them there; followed, they would lead out of what it may write to.
    package func removeLinks(below root: FilePath) throws(Failure) {
        var place = root
        for component in components.dropFirst(root.components.count) {
            place.append(component)
            switch place.kind {
            case .missing: return
            case .link: return try place.remove()
            case .file, .folder, .other: continue
            }
        }
    }

    /// A name that no other process or task uses; it begins with this process's number.
    package static func uniqueName() -> String {
        "\(getpid())-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Waits until the file's content is on the disk.
    /// - Throws: `Failure` of code `unwritable`.
    package func synchronize() throws(Failure) {
        let descriptor = open(nameBytes, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unwritable, string) }
        defer { _ = close(descriptor) }
        guard fdatasync(descriptor) == 0 else { throw .system(.unwritable, string) }
    }
}
