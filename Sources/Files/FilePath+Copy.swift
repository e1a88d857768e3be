import Diagnostics
import Dispatch
import Glibc
import Synchronization
import SystemPackage

extension FilePath {
    /// Writes a file with the bytes of this one; no copy at all where the file system shares blocks.
    ///
    /// Holes stay holes. A task that is cancelled ends it with an error. Interrupted, it leaves a part: who remembers copies
    /// must remember whole ones only.
    /// - Parameters:
    ///   - place: the copy; a file there is overwritten.
    ///   - permissions: those of the copy, whatever the umask.
    ///   - modified: the time of its last change, in nanoseconds; `nil` is now.
    /// - Returns: the copy's stamp.
    /// - Throws: `Failure` of code `unreadable` or `unwritable`.
    @discardableResult
    package func copyFile(
        to place: FilePath, permissions: UInt32, modified: Int64? = nil
    ) throws(Failure) -> FileStamp {
        try FileCopy(
            from: (AT_FDCWD, nameBytes, string),
            to: (AT_FDCWD, place.nameBytes, place.string), permissions: permissions
        ).run(modified: modified)
    }

    /// Copies a file, a link, or a folder with everything in it; permissions are kept, links stay links.
    ///
    /// Goes down by open folders, as `remove` does. Sockets, pipes and devices are left out.
    /// - Throws: `Failure` of code `notFound`, `unreadable` or `unwritable` that names the path.
    package func copyTree(to place: FilePath) throws(Failure) {
        guard let stamp = FileStamp(of: self) else { throw Failure(.notFound, "no such file or folder: \(string)") }
        switch stamp.kind {
        case .folder: try FolderCopy(from: self, to: place).run()
        case .link: try place.makeLink(to: linkTarget ?? "")
        case .file: try copyFile(to: place, permissions: stamp.permissions)
        case .other, .missing: return
        }
    }

    /// Whether both are the same file, or folders with the same in them: names, kinds, permissions, links and content.
    ///
    /// Files are read on all processors; a task that is cancelled may get `false`.
    package func isSameTree(as other: FilePath) -> Bool {
        var files: [FilePair] = []
        guard hasSameShape(as: other, &files) else { return false }
        let pairs = files
        let isSame = Atomic(true)
        DispatchQueue.concurrentPerform(iterations: pairs.count) { index in
            guard isSame.load(ordering: .relaxed), !pairs[index].one.hasSameBytes(as: pairs[index].other) else {
                return
            }
            isSame.store(false, ordering: .relaxed)
        }
        return isSame.load(ordering: .relaxed)
    }

    private typealias FilePair = (one: FilePath, other: FilePath)

    /// Whether all is the same but perhaps the bytes of some files of the same size, which are added.
    private func hasSameShape(as other: FilePath, _ files: inout [FilePair]) -> Bool {
        guard let mine = FileStamp(of: self), let its = FileStamp(of: other), mine.mode == its.mode else {
            return false
        }
        switch mine.kind {
        case .folder:
            let names = names
            guard names == other.names else { return false }
            for name in names where !appending(name).hasSameShape(as: other.appending(name), &files) { return false }
            return true
        case .file:
            files.append((self, other))
            return mine.size == its.size
        case .link: return linkTarget != nil && linkTarget == other.linkTarget
        case .other, .missing: return false
        }
    }

    /// Whether two files can be read and hold the same bytes.
    package func hasSameBytes(as other: FilePath) -> Bool {
        guard let size = FileStamp(behind: self)?.size, size == FileStamp(behind: other)?.size,
            let first = try? FileDescriptor.open(nameBytes, .readOnly, options: .closeOnExec)
        else { return false }
        defer { try? first.close() }
        guard let second = try? FileDescriptor.open(other.nameBytes, .readOnly, options: .closeOnExec) else {
            return false
        }
        defer { try? second.close() }
        let chunk = Int(min(size + 1, 1 << 18))
        while !Task.isCancelled, let one = first.filled(chunk), let two = second.filled(chunk), one == two {
            if one.isEmpty { return true }
        }
        return false
    }

    /// Sets the time of the last change of what stands here, in nanoseconds.
    /// - Throws: `Failure` of code `unwritable`.
    package func setModified(_ time: Int64) throws(Failure) {
        let moment = timespec(nanoseconds: time)
        guard utimensat(AT_FDCWD, nameBytes, [moment, moment], AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .system(.unwritable, string)
        }
    }
}

/// A copy of one file, each side named in an open folder.
private struct FileCopy {
    typealias Side = (folder: Int32, name: [CChar], shown: String)

    let from: Side
    let to: Side
    let permissions: UInt32

    func run(modified: Int64? = nil) throws(Failure) -> FileStamp {
        let input = openat(from.folder, from.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw .system(.unreadable, from.shown) }
        defer { _ = close(input) }
        let output = openat(to.folder, to.name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, permissions)
        guard output >= 0 else { throw .system(.unwritable, to.shown) }
        defer { _ = close(output) }
        try copyBytes(input, output)
        guard fchmod(output, permissions) == 0 else { throw .system(.unwritable, to.shown) }
        if let modified {
            let moment = timespec(nanoseconds: modified)
            guard futimens(output, [moment, moment]) == 0 else { throw .system(.unwritable, to.shown) }
        }
        guard let stamp = FileStamp(open: output) else { throw .system(.unwritable, to.shown) }
        return stamp
    }

    private func copyBytes(_ input: Int32, _ output: Int32) throws(Failure) {
        // FICLONE of linux/fs.h.
        if ioctl(output, 0x4004_9409, input) == 0 { return }
        let size = FileStamp(open: input)?.size ?? 0
        for part in DataParts(of: input, size: size) { try copy(part, input, output) }
        // A hole at the end; and what was added meanwhile, or is in a file of /proc, whose size is 0.
        guard ftruncate(output, off_t(size)) == 0 || size == 0 else { throw .system(.unwritable, to.shown) }
        try copy(size..<Int64.max, input, output)
    }

    private func copy(_ part: Range<Int64>, _ input: Int32, _ output: Int32) throws(Failure) {
        let (source, target) = (FileDescriptor(rawValue: input), FileDescriptor(rawValue: output))
        guard lseek(input, off_t(part.lowerBound), SEEK_SET) >= 0 || part.lowerBound == 0,
            lseek(output, off_t(part.lowerBound), SEEK_SET) >= 0
        else { throw .system(.unreadable, from.shown) }
        var left = Int64(part.count)
        while left > 0 {
            guard !Task.isCancelled else { throw Failure(.unwritable, "\(to.shown): the copying was cancelled") }
            guard let bytes = source.filled(Int(min(left, 1 << 18))) else { throw .system(.unreadable, from.shown) }
            if bytes.isEmpty { return }
            guard (try? target.writeAll(bytes)) != nil else { throw .system(.unwritable, to.shown) }
            left -= Int64(bytes.count)
        }
    }
}

/// A copy of a folder with everything in it.
private struct FolderCopy {
    /// A folder on the way down, those in it that are still to be copied, and its permissions.
    struct Level {
        var name: [CChar]
        var folders: [(name: [CChar], permissions: UInt32)]
        var permissions: UInt32
        /// The folders that it and its copy are in; `nil` of the ones that everything is in.
        var above: (source: OpenFolder.Identity, target: OpenFolder.Identity)?
    }

    let from: FilePath
    let to: FilePath
    var levels: [Level] = []

    func run() throws(Failure) {
        var copy = self
        try to.makeFolders()
        var source = try OpenFolder(from)
        var target = try OpenFolder(to)
        let permissions = FileStamp(of: from)?.permissions ?? 0o700
        copy.levels = [Level(name: [0], folders: try copy.fill(target, from: source), permissions: permissions)]
        while let last = copy.levels.last {
            if let next = last.folders.last {
                copy.levels[copy.levels.count - 1].folders.removeLast()
                let above = (source: source.identity, target: target.identity)
                copy.levels.append(Level(name: next.name, folders: [], permissions: next.permissions, above: above))
                guard mkdirat(target.descriptor, next.name, 0o700) == 0 || errno == EEXIST else {
                    throw .system(.unwritable, copy.shown(to))
                }
                source = try OpenFolder(at: source, next.name, shown: copy.shown(from))
                target = try OpenFolder(at: target, next.name, shown: copy.shown(to))
                copy.levels[copy.levels.count - 1].folders = try copy.fill(target, from: source)
            } else {
                let done = target.descriptor
                guard fchmod(done, last.permissions) == 0 else { throw .system(.unwritable, copy.shown(to)) }
                copy.levels.removeLast()
                guard let above = last.above else { return }
                source = try OpenFolder.above(source, expecting: above.source, shown: copy.shown(from))
                target = try OpenFolder.above(target, expecting: above.target, shown: copy.shown(to))
            }
        }
    }

    /// Copies all but the folders, and names those.
    private func fill(
        _ target: borrowing OpenFolder, from source: borrowing OpenFolder
    ) throws(Failure) -> [(name: [CChar], permissions: UInt32)] {
        var folders: [(name: [CChar], permissions: UInt32)] = []
        for entry in try source.entries(shown: shown(from)) {
            guard let stamp = source.stamp(of: entry.name) else { continue }
            let (old, new) = ("\(shown(from))/\(entry.text)", "\(shown(to))/\(entry.text)")
            switch stamp.kind {
            case .folder: folders.append((entry.name, stamp.permissions))
            case .link:
                guard let link = source.linkTarget(of: entry.name) else { throw .system(.unreadable, old) }
                guard symlinkat(link, target.descriptor, entry.name) == 0 else { throw .system(.unwritable, new) }
            case .file:
                _ = try FileCopy(
                    from: (source.descriptor, entry.name, old), to: (target.descriptor, entry.name, new),
                    permissions: stamp.permissions
                ).run()
            case .other, .missing: continue
            }
        }
        return folders
    }

    private func shown(_ root: FilePath) -> String {
        levels.dropFirst().reduce(root.string) { "\($0)/\(FolderListing.Entry(name: $1.name, kind: nil).text)" }
    }
}

extension timespec {
    init(nanoseconds: Int64) {
        self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
