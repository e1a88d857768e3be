import Diagnostics
import Files
import Glibc
import SystemPackage
import Text

/// Walks a folder in lexical order and writes what it finds.
struct TreeWalk {
    let directory: FilePath
    let path: String
    let owner: Owner
    /// Chooses files and sets their modes; `nil` takes all as they are.
    let rule: LayerContents.Tree.Rule?
    let writer: TarWriter

    /// Writes the folder and everything below it.
    func run() throws(Failure) {
        let root = try FolderListing(directory)
        guard let status = root.status(of: [46, 0]) else { throw .system(.unreadable, directory.string) }
        try visitDirectory(root, below: "", mode: UInt16(status.st_mode & 0o7777))
    }

    private func visitDirectory(_ listing: borrowing FolderListing, below: String, mode: UInt16) throws(Failure) {
        guard let mode = modeInLayer(below, .directory, mode) else { return }
        let path = imagePath(below)
        if path != "/" { try add(path, .directory, mode) }
        for entry in listing.entries { try visit(entry.name, in: listing, below: below) }
    }

    private func visit(_ name: [CChar], in listing: borrowing FolderListing, below: String) throws(Failure) {
        let text = String(fileName: name.dropLast().map { UInt8(bitPattern: $0) })
        let path = below.isEmpty ? text : below + "/" + text
        guard let status = listing.status(of: name) else { throw .system(.unreadable, shown(path)) }
        let mode = UInt16(status.st_mode & 0o7777)
        switch FileStamp(status).kind {
        case .folder:
            let child = try FolderListing(of: name, in: listing, shown: shown(path))
            try visitDirectory(child, below: path, mode: mode)
        case .file: try visitFile(name, in: listing.descriptor, path: path)
        case .link: try visitLink(name, in: listing, path: path, mode: mode)
        case .other, .missing: break
        }
    }

    private func visitFile(_ name: [CChar], in directory: Int32, path: String) throws(Failure) {
        let file = try OpenFile(at: directory, name: name, shown: shown(path))
        let kind = TarEntry.Kind.file(size: file.size)
        guard let mode = modeInLayer(path, kind, file.mode) else { return }
        let entry = TarEntry(path: imagePath(path), kind: kind, mode: mode, owner: owner)
        try writer.add(entry, contentOf: file.descriptor, name: shown(path))
    }

    private func visitLink(
        _ name: [CChar], in listing: borrowing FolderListing, path: String, mode: UInt16
    ) throws(Failure) {
        guard let bytes = listing.linkTarget(of: name) else { throw .system(.unreadable, shown(path)) }
        let target = String(fileName: bytes)
        guard let mode = modeInLayer(path, .symlink(target: target), mode) else { return }
        try add(imagePath(path), .symlink(target: target), mode)
    }

    private func add(_ path: String, _ kind: TarEntry.Kind, _ mode: UInt16) throws(Failure) {
        try writer.add(TarEntry(path: path, kind: kind, mode: mode, owner: owner))
    }

    private func modeInLayer(_ path: String, _ kind: TarEntry.Kind, _ mode: UInt16) -> UInt16? {
        guard let rule else { return mode }
        return rule(LayerContents.Tree.File(path: path, kind: kind, mode: mode))
    }

    private func imagePath(_ below: String) -> String {
        if below.isEmpty { return path }
        return path.hasSuffix("/") ? path + below : path + "/" + below
    }

    private func shown(_ below: String) -> String {
        below.isEmpty ? directory.string : directory.string + "/" + below
    }
}

/// A file open for reading, with what the system knows of it; closed when it goes.
struct OpenFile: ~Copyable {
    let descriptor: FileDescriptor
    let size: Int64
    let mode: UInt16

    /// Opens a file; links are followed.
    init(reading path: FilePath) throws(Failure) {
        try self.init(number: open(path.nameBytes, O_RDONLY | O_CLOEXEC), name: path.string)
    }

    /// Opens a file of an open folder, no link.
    init(at directory: Int32, name: [CChar], shown: String) throws(Failure) {
        let number = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        try self.init(number: number, name: shown)
    }

    private init(number: Int32, name: String) throws(Failure) {
        guard number >= 0 else { throw .system(.unreadable, name) }
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(number)
            throw Failure(.unreadable, "\(name) is not a file")
        }
        descriptor = FileDescriptor(rawValue: number)
        size = Int64(status.st_size)
        mode = UInt16(status.st_mode & 0o7777)
    }

    deinit { _ = close(descriptor.rawValue) }
}
