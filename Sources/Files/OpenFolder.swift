import Diagnostics
import Glibc
import SystemPackage

/// An open folder, by which what it holds is reached without a path: no length, and no link on the way, matters.
struct OpenFolder: ~Copyable {
    /// What tells an open folder from every other.
    struct Identity: Equatable {
        var device: dev_t
        var inode: ino_t
    }

    let descriptor: Int32
    let identity: Identity

    /// Opens a folder of another, no link; one that its owner shut is opened for the owner first.
    init(at parent: borrowing OpenFolder, _ name: [CChar], shown: @autoclosure () -> String) throws(Failure) {
        try self.init(parent.descriptor, name, shown: shown())
    }

    /// Opens the folder at a path, no link.
    init(_ path: FilePath) throws(Failure) {
        try self.init(AT_FDCWD, path.nameBytes, shown: path.string)
    }

    /// Opens the folder above, which must be the one that it came from: a folder that was moved meanwhile is left.
    static func above(
        _ folder: borrowing OpenFolder, expecting: Identity, shown: @autoclosure () -> String
    ) throws(Failure) -> OpenFolder {
        let above = try OpenFolder(folder.descriptor, [46, 46, 0], shown: shown())
        guard above.identity == expecting else { throw Failure(.changed, "\(shown()) was moved in the meantime") }
        return above
    }

    private init(_ parent: Int32, _ name: [CChar], shown: @autoclosure () -> String) throws(Failure) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var number = openat(parent, name, flags)
        if number < 0, errno == EACCES, Self.unlock(parent, name) { number = openat(parent, name, flags) }
        guard number >= 0 else { throw .system(.unreadable, shown()) }
        var status = stat()
        guard fstat(number, &status) == 0 else {
            let failure = Failure.system(.unreadable, shown())
            _ = close(number)
            throw failure
        }
        descriptor = number
        identity = Identity(device: status.st_dev, inode: status.st_ino)
    }

    deinit { _ = close(descriptor) }

    /// The entries, in the order of the names' bytes.
    func entries(shown: @autoclosure () -> String) throws(Failure) -> [FolderListing.Entry] {
        // The listing closes the descriptor that it is given.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw .system(.unreadable, shown()) }
        return try FolderListing(adopting: own, name: shown()).entries
    }

    func stamp(of name: [CChar]) -> FileStamp? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileStamp(status) : nil
    }

    /// What a link says, with a NUL at its end; `nil` for anything else.
    func linkTarget(of name: [CChar]) -> [CChar]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        return readlinkat(descriptor, name, &buffer, Int(PATH_MAX)) < 0 ? nil : buffer
    }

    /// Lets the owner read, enter and change a folder.
    private static func unlock(_ parent: Int32, _ name: [CChar]) -> Bool {
        // O_PATH of fcntl.h: a place, without the right to read it.
        let place = openat(parent, name, 0o10_000_000 | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard place >= 0 else { return false }
        defer { _ = close(place) }
        return chmod("/proc/self/fd/\(place)", 0o700) == 0
    }
}
