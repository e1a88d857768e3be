import Diagnostics
import LayerArchive
import OCIImage
import SystemPackage

/// Where the files of a plain tar stand, so that they are read from it without being unpacked.
struct TarIndex: Sendable {
    private enum Entry: Sendable {
        case file(offset: Int64, size: Int64)
        case link(String)
    }

    private let file: FilePath
    private let name: FilePath
    private var entries: [String: Entry] = [:]

    /// Reads the headers of an archive; `name` is what errors call it.
    /// - Throws: `Failure`, also when the archive is compressed as a whole.
    init(_ file: FilePath, shownAs name: FilePath? = nil) throws(Failure) {
        self.file = file
        self.name = name ?? file
        let reader = try TarReader(.file(file), limits: TarLimits(entries: 100_000, totalSize: 1 << 42))
        while let entry = try reader.next() {
            guard let offset = reader.contentOffset else {
                throw Failure(
                    .unsupported, "\(self.name) is compressed as a whole, but not with gzip or zstd",
                    advice: "unpack it first")
            }
            add(entry, offset)
        }
    }

    /// A file of the archive, also by way of links within it; `nil` where there is none.
    func content(_ path: String) -> BlobContent? {
        var path = Self.normal(path)
        for _ in 0..<8 {
            switch entries[path] {
            case .file(let offset, let size): return .file(file, offset: offset, size: size)
            case .link(let target): path = target
            case nil: return nil
            }
        }
        return nil
    }

    /// The bytes of a small file of the archive.
    /// - Throws: `Failure` of code `notFound` or `overLimit`.
    func bytes(_ path: String) throws(Failure) -> [UInt8] {
        guard let content = content(path) else { throw Failure(.notFound, "\(name) does not contain \(path)") }
        let sink = MemorySink(limit: 16 << 20)
        try content.write(to: sink)
        return sink.bytes
    }

    private mutating func add(_ entry: TarEntry, _ offset: Int64) {
        let path = Self.normal(entry.path)
        switch entry.kind {
        case .file(let size): entries[path] = .file(offset: offset, size: size)
        case .hardLink(let target): entries[path] = .link(Self.normal(target))
        case .symlink(let target):
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            entries[path] = .link(Self.normal(folder + "/" + target))
        case .directory, .special: break
        }
    }

    /// The path without "." and "..", relative to the archive's top.
    private static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
