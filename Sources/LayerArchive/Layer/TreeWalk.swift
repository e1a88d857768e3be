import Diagnostics
import Files
import Glibc
import SystemPackage

/// Walks a folder in lexical order and writes what it finds.
struct TreeWalk {
    let tree: LayerContents.Tree
    let writer: TarWriter

    /// Writes the folder and everything below it.
    func run() throws(Failure) {
        let path = tree.directory.string
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.unreadable, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            _ = close(descriptor)
            throw .system(.unreadable, path)
        }
        try visitDirectory(descriptor, below: "", mode: UInt16(status.st_mode & 0o7777))
    }

    /// Writes an open folder, which is closed at the end.
    private func visitDirectory(_ descriptor: Int32, below: String, mode: UInt16) throws(Failure) {
        let listing = try FolderListing(adopting: descriptor, name: shown(below))
        guard let mode = modeInLayer(below, .directory, mode) else { return }
        let path = imagePath(below)
        if path != "/" { try add(path, .directory, mode) }
        for name in listing.entries.map(\.name) {
            try visit(name, in: listing.descriptor, below: below)
        }
    }

    private func visit(_ name: [CChar], in directory: Int32, below: String) throws(Failure) {
        guard let text = String(validating: name.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
            throw Failure(.unsupported, "a file name in \(shown(below)) is not UTF-8", advice: "rename it")
        }
        let path = below.isEmpty ? text : below + "/" + text
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .system(.unreadable, shown(path))
        }
        let mode = UInt16(status.st_mode & 0o7777)
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            let child = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard child >= 0 else { throw .system(.unreadable, shown(path)) }
            try visitDirectory(child, below: path, mode: mode)
        case S_IFREG: try visitFile(name, in: directory, path: path)
        case S_IFLNK: try visitLink(name, in: directory, path: path, mode: mode)
        default: break
        }
    }

    private func visitFile(_ name: [CChar], in directory: Int32, path: String) throws(Failure) {
        let file = try OpenFile(at: directory, name: name, shown: shown(path))
        let kind = TarEntry.Kind.file(size: file.size)
        guard let mode = modeInLayer(path, kind, file.mode) else { return }
        let entry = TarEntry(path: imagePath(path), kind: kind, mode: mode, owner: tree.owner)
        try writer.add(entry, contentOf: file.descriptor, name: shown(path))
    }

    private func visitLink(
        _ name: [CChar], in directory: Int32, path: String, mode: UInt16
    ) throws(Failure) {
        let target = try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) {
            (space) throws(Failure) -> String in
            guard let start = space.baseAddress else { return "" }
            let count = readlinkat(directory, name, start, space.count)
            guard count >= 0 else { throw .system(.unreadable, shown(path)) }
            guard let text = String(validating: space.prefix(count), as: UTF8.self) else {
                throw Failure(.unsupported, "the target of the link \(shown(path)) is not UTF-8")
            }
            return text
        }
        guard let mode = modeInLayer(path, .symlink(target: target), mode) else { return }
        try add(imagePath(path), .symlink(target: target), mode)
    }

    private func add(_ path: String, _ kind: TarEntry.Kind, _ mode: UInt16) throws(Failure) {
        try writer.add(TarEntry(path: path, kind: kind, mode: mode, owner: tree.owner))
    }

    private func modeInLayer(_ path: String, _ kind: TarEntry.Kind, _ mode: UInt16) -> UInt16? {
        guard let rule = tree.rule else { return mode }
        return rule(LayerContents.Tree.File(path: path, kind: kind, mode: mode))
    }

    private func imagePath(_ below: String) -> String {
        if below.isEmpty { return tree.path }
        return tree.path.hasSuffix("/") ? tree.path + below : tree.path + "/" + below
    }

    private func shown(_ below: String) -> String {
        below.isEmpty ? tree.directory.string : tree.directory.string + "/" + below
    }
}
