import Diagnostics
import Files
import LayerArchive
import OCIImage
import RunImages
import SystemPackage

/// What the layers of a run image hold, with the files on the disk.
struct BaseFiles {
    enum Kind {
        case folder
        case link(String)
        case file(FilePath, isNative: Bool)
    }

    /// Something in a layer, at its path from the top.
    struct Entry {
        let path: String
        let layer: Int
        let kind: Kind
        let mode: UInt16
        let owner: Owner
    }

    private(set) var entries: [Entry] = []
    private var byPath: [String: Kind] = [:]

    /// Reads the layers, and writes their files to a folder.
    /// - Throws: `Failure` of code `unsupported` for what mixpack's own run images do not have, `CancellationError`.
    init(_ image: Image, blobs: any BlobSource, to folder: FilePath) async throws {
        for (layer, contents) in image.layers.enumerated() {
            let reader = try TarReader(try await blobs.blob(contents.descriptor).input)
            while let entry = try reader.next() {
                try Task.checkCancellation()
                let path = "/" + entry.path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
                let kind: Kind
                switch entry.kind {
                case .directory: kind = .folder
                case .symlink(let target): kind = .link(target)
                case .file:
                    let file = folder.appending("\(entries.count)")
                    try reader.copyContent(to: try FileSink(creating: file))
                    kind = .file(file, isNative: try Self.isNative(file))
                case .hardLink, .special:
                    throw Failure(.unsupported, "\(path) has a kind that no run image of mixpack's has")
                }
                guard FilePath(path).lastComponent?.string.hasPrefix(".wh.") != true else {
                    throw Failure(.unsupported, "\(path) removes a file, which no run image of mixpack's does")
                }
                entries.append(
                    Entry(path: path, layer: layer, kind: kind, mode: entry.mode, owner: entry.owner))
                byPath[path] = kind
            }
        }
    }

    private static func isNative(_ file: FilePath) throws(Failure) -> Bool {
        guard let descriptor = try? FileDescriptor.open(file, .readOnly, options: .closeOnExec) else {
            throw Failure(.unreadable, "cannot read \(file)")
        }
        defer { try? descriptor.close() }
        return ElfFile.isElf(descriptor.filled(4) ?? [])
    }

    /// What is at a path, links on the way followed, at the path that it has itself; `nil` where nothing is.
    func resolve(_ path: String) -> (path: String, kind: Kind)? {
        var rest = path.split(separator: "/").map(String.init)[...]
        var place: FilePath = "/"
        var links = 0
        while let part = rest.popFirst() {
            if part == "." || part == ".." {
                if part == ".." { place.removeLastComponent() }
                continue
            }
            let next = place.appending(part)
            guard let kind = byPath[next.string] else { return nil }
            if case .link(let target) = kind {
                links += 1
                guard links < 40 else { return nil }
                if target.hasPrefix("/") { place = "/" }
                rest = target.split(separator: "/").map(String.init)[...] + rest
                continue
            }
            place = next
        }
        return byPath[place.string].map { (place.string, $0) }
    }

    /// A path with the link at its top followed, such as `/lib` to `usr/lib`.
    func canonical(_ path: String) -> String {
        let parts = path.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, case .link(let target)? = byPath["/" + parts[0]] else { return path }
        return FilePath("/").pushing(FilePath(target)).lexicallyNormalized().string + "/" + parts[1]
    }
}
