import Commands
import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Unpacks an image's layers over each other into a folder, as a container would see them; devices are left out.
package struct RootUnpacking: Sendable {
    let root: FilePath
    /// Whether files get their modes and times, and their owners where somebody may give them away.
    let isExact: Bool
    /// The machine's numbers of the owners; `nil` leaves all files to whoever runs mixpack.
    let range: HostRange?

    /// Takes a folder that is there.
    package init(to root: FilePath, isExact: Bool = false, range: HostRange? = nil) {
        self.root = root
        self.isExact = isExact
        self.range = range
    }

    private static let whiteout = ".wh."
    private static let opaque = ".wh..wh..opq"

    /// Unpacks one layer over those before it.
    ///
    /// Whiteouts first: wherever they stand in a layer, they remove what the layers below have, and nothing of its own.
    /// See the [OCI image specification](https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).
    /// - Throws: `Failure` for a layer that cannot be read, and for what cannot be written; `CancellationError`.
    package func unpack(_ input: ArchiveInput) throws {
        try forEachEntry(of: input, where: { $0.hasPrefix(Self.whiteout) }) { _, _, parent, name in
            let hidden = String(name.dropFirst(Self.whiteout.count))
            let names = name == Self.opaque ? parent.names : [hidden]
            for name in names where !["", ".", ".."].contains(name) { try parent.appending(name).remove() }
        }
        var folders: [(path: FilePath, entry: TarEntry)] = []
        try forEachEntry(of: input, where: { !$0.hasPrefix(Self.whiteout) }) { entry, reader, parent, name in
            let place = parent.appending(name)
            try write(entry, reader, at: place)
            if entry.kind == .directory { folders.append((place, entry)) }
        }
        // Times last: what goes into a folder changes its time.
        guard isExact else { return }
        for (folder, entry) in folders where folder.kind == .folder { try finish(folder, entry) }
    }

    /// Makes folders that a container's own file systems go to; those that are there stay as they are.
    package func makeFolders(_ paths: [String]) throws {
        for path in paths { _ = try folder(path.split(separator: "/").map(String.init)) }
    }

    /// Puts an empty file in the place of whatever is there: something of the machine's is mounted on it.
    package func makeFile(_ path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last, let parent = try folder(parts.dropLast()) else { return }
        let place = parent.appending(name)
        guard place.kind != .file else { return }
        try place.remove()
        try place.replace(with: [], mode: [.ownerReadWrite, .groupRead, .otherRead])
        try own(place, .root)
    }

    /// Makes the root itself what it is in containers: root's, and open to all.
    package func ownRoot() throws {
        chmod(root.nameBytes, 0o755)
        try own(root, .root)
    }

    /// Calls `body` with each entry of a kind of names, the folder that it goes to, and its name there.
    private func forEachEntry(
        of input: ArchiveInput, where isWanted: (String) -> Bool,
        _ body: (TarEntry, TarReader, FilePath, String) throws -> Void
    ) throws {
        let reader = try TarReader(input)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            var parts = entry.path.split(separator: "/").map(String.init).filter { $0 != "." }
            guard let name = parts.popLast(), isWanted(name), !parts.contains(".."), name != "..",
                let parent = try folder(parts)
            else { continue }
            try body(entry, reader, parent, name)
        }
    }

    private func write(_ entry: TarEntry, _ reader: TarReader, at place: FilePath) throws {
        switch entry.kind {
        case .directory:
            if place.kind != .folder { try place.remove() }
            try place.makeFolders()
            if !isExact { chmod(place.nameBytes, 0o755) }
        case .file:
            try place.remove()
            let sink = try FileSink(creating: place)
            try reader.copyContent(to: sink)
            try sink.finish()
            try finish(place, entry)
        case .symlink(let target):
            try place.remove()
            try place.makeLink(to: target)
            try own(place, entry.owner)
        case .hardLink(let target): try link(target, at: place)
        case .special: return
        }
    }

    private func link(_ target: String, at place: FilePath) throws {
        let aim = target.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !aim.contains(".."), let last = aim.last, let other = try folder(aim.dropLast()) else { return }
        let file = other.appending(last)
        // A second name of itself is there already.
        guard file != place else { return }
        try place.remove()
        guard Glibc.link(file.nameBytes, place.nameBytes) != 0 else { return }
        // Devices were left out, and so are their other names.
        guard errno == ENOENT, !isExact else { throw Failure.system(.unwritable, place.string) }
    }

    /// Gives a file or folder its owner, mode and time; nothing gets the rights of its owner when it is started.
    private func finish(_ place: FilePath, _ entry: TarEntry) throws {
        let isFolder = entry.kind == .directory
        guard isExact else {
            chmod(place.nameBytes, mode_t(entry.mode) | 0o400)
            return
        }
        try own(place, entry.owner)
        // Whoever is not root has to get into every folder, to fill and to remove it.
        let least: UInt16 = range != nil ? 0 : isFolder ? 0o700 : 0o400
        let mode = (isFolder ? entry.mode & 0o3777 : entry.mode & 0o777) | least
        guard chmod(place.nameBytes, mode_t(mode)) == 0 else { throw Failure.system(.unwritable, place.string) }
        try place.setModified(entry.time * 1_000_000_000)
    }

    private func own(_ place: FilePath, _ owner: Owner) throws {
        guard let range else { return }
        let (user, group) = (uid_t(range.number(owner.user)), gid_t(range.number(owner.group)))
        guard lchown(place.nameBytes, user, group) == 0 else { throw Failure.system(.unwritable, place.string) }
    }

    /// The folder of a path, links on the way followed inside of the root only; made where it is missing.
    private func folder(_ parts: some Collection<String>) throws -> FilePath? {
        try RootPath(root).place(of: parts) { folder in
            if folder.kind == .folder { return true }
            guard mkdir(folder.nameBytes, 0o755) == 0 else {
                // A file in a folder's place hides what an image has below it.
                if errno == EEXIST || errno == ENOTDIR { return false }
                throw Failure.system(.unwritable, folder.string)
            }
            chmod(folder.nameBytes, 0o755)
            try own(folder, .root)
            return true
        }
    }
}

/// Paths of an unpacked root: what a program in it would find there, never anything outside.
package struct RootPath: Sendable {
    let root: FilePath

    package init(_ root: FilePath) { self.root = root }

    /// Where a path leads; `nil` where links lead in a circle, or nothing is there.
    package func place(of path: String) -> FilePath? {
        let place = try? place(of: path.split(separator: "/").map(String.init)) { _ in true }
        guard let place, place.exists else { return nil }
        return place
    }

    /// The place of a path's components.
    /// - Parameter isFine: whether the way goes on through a place that is not a link.
    func place(
        of parts: some Collection<String>, _ isFine: (FilePath) throws -> Bool
    ) throws -> FilePath? {
        var (rest, done, links) = (ArraySlice(parts), [String](), 0)
        while let part = rest.popFirst() {
            if part == ".." {
                _ = done.popLast()
                continue
            }
            let place = (done + [part]).reduce(root) { $0.appending($1) }
            if let target = place.linkTarget {
                links += 1
                guard links <= 40 else { return nil }
                if target.hasPrefix("/") { done = [] }
                rest = target.split(separator: "/").map(String.init).filter { $0 != "." } + rest
                continue
            }
            done.append(part)
            guard try isFine(place) else { return nil }
        }
        return done.reduce(root) { $0.appending($1) }
    }
}
