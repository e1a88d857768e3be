import Files
import Glibc
import LayerArchive
import OCIImage
import SystemPackage

/// An image's files in a folder, as a container would see them; owners and devices are left out.
struct ImageUnpacking {
    let store: ImageStore
    /// The folder of all unpacked images.
    let folder: FilePath

    /// Folders that a container's own file systems go to.
    private static let mounts = ["proc", "dev", "tmp", "layers", "workspace", "cnb"]

    private static let mostImages = 4

    /// The folder of an image; unpacked the first time.
    /// - Throws: `Failure`, `CancellationError`.
    func files(of image: Image) async throws -> FilePath {
        let place = folder.appending(String(image.digest.hex.prefix(12)))
        if place.exists { return place }
        try folder.makeFolders()
        let new = FilePath("\(place).new.\(getpid())")
        try new.remove()
        try new.makeFolders()
        do {
            for layer in image.layers { try unpack(try await store.blob(layer.descriptor).input, to: new) }
            for name in Self.mounts { try new.appending(name).makeFolders() }
        } catch {
            try? new.remove()
            throw error
        }
        if Glibc.rename(new.nameBytes, place.nameBytes) != 0 { try? new.remove() }
        sweep()
        return place
    }

    /// Removes all but the last few images, and what killed builds left.
    private func sweep() {
        let folders = folder.names.map(folder.appending).sorted { age($0) < age($1) }
        for old in folders.dropLast(Self.mostImages) { try? old.remove() }
    }

    private func age(_ folder: FilePath) -> Int64 { FileStamp(of: folder)?.modified ?? 0 }

    /// Whiteouts first: wherever they stand in a layer, they remove what the layers below have, and nothing of its own.
    ///
    /// See the [OCI image specification](https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).
    private func unpack(_ input: ArchiveInput, to root: FilePath) throws {
        try forEachEntry(of: input, in: root, where: { $0.hasPrefix(Self.whiteout) }) { _, _, parent, name in
            let hidden = String(name.dropFirst(Self.whiteout.count))
            let names = name == Self.opaque ? parent.names : [hidden]
            for name in names where !["", ".", ".."].contains(name) { try parent.appending(name).remove() }
        }
        try forEachEntry(of: input, in: root, where: { !$0.hasPrefix(Self.whiteout) }) { entry, reader, parent, name in
            try write(entry, reader, at: parent.appending(name), in: root)
        }
    }

    private static let whiteout = ".wh."
    private static let opaque = ".wh..wh..opq"

    /// Calls `body` with each entry of a kind of names, the folder that it goes to, and its name there.
    private func forEachEntry(
        of input: ArchiveInput, in root: FilePath, where isWanted: (String) -> Bool,
        _ body: (TarEntry, TarReader, FilePath, String) throws -> Void
    ) throws {
        let reader = try TarReader(input)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            var parts = entry.path.split(separator: "/").map(String.init).filter { $0 != "." }
            guard let name = parts.popLast(), isWanted(name), !parts.contains(".."), name != "..",
                let parent = folder(parts, in: root)
            else { continue }
            try body(entry, reader, parent, name)
        }
    }

    private func write(_ entry: TarEntry, _ reader: TarReader, at place: FilePath, in root: FilePath) throws {
        switch entry.kind {
        case .directory:
            if place.kind != .folder { try place.remove() }
            try place.makeFolders()
            chmod(place.nameBytes, 0o755)
        case .file:
            try place.remove()
            try reader.copyContent(to: try FileSink(creating: place))
            chmod(place.nameBytes, mode_t(entry.mode) | 0o400)
        case .symlink(let target):
            try place.remove()
            try place.makeLink(to: target)
        case .hardLink(let target):
            try place.remove()
            let aim = target.split(separator: "/").map(String.init).filter { $0 != "." }
            guard !aim.contains(".."), let last = aim.last, let other = folder(aim.dropLast(), in: root) else { return }
            _ = link(other.appending(last).string, place.string)
        case .special: return
        }
    }

    /// The folder of a path, links on the way followed inside of `root` only; made where it is missing.
    private func folder(_ parts: some Collection<String>, in root: FilePath) -> FilePath? {
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
            guard (try? place.makeFolders()) != nil else { return nil }
        }
        return done.reduce(root) { $0.appending($1) }
    }
}
