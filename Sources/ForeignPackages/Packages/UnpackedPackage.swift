import Diagnostics
import Digests
import Files
import RunImages
import SystemPackage

/// A package whose files are on the disk.
package struct UnpackedPackage: Sendable {
    package let record: PackageRecord
    private let root: FilePath

    init(record: PackageRecord, root: FilePath) {
        self.record = record
        self.root = root
    }

    /// What a package has at a path.
    enum Item: Equatable {
        case folder
        case link(String)
        case file(FilePath)
    }

    /// What it has at a path; packages list `/lib` or `/usr/lib`, which are one.
    func item(at path: String) -> Item? {
        for name in PackageDatabase.aliases(of: path) {
            guard let place = place(of: name) else { continue }
            switch place.kind {
            case .folder: return .folder
            case .link: return .link(place.linkTarget ?? "")
            case .file: return .file(place)
            case .missing, .other: continue
            }
        }
        return nil
    }

    /// The file that a path leads to, links of the package followed, and the paths on the way; `nil` where it leads out.
    func file(following path: String) -> (file: FilePath, path: String)? {
        var path = path
        for _ in 0..<16 {
            switch item(at: path) {
            case .file(let file): return (file, path)
            case .link(let target):
                let folder = FilePath(path).removingLastComponent()
                path = folder.pushing(FilePath(target)).lexicallyNormalized().string
            case .folder, nil: return nil
            }
        }
        return nil
    }

    /// The place of a path; `nil` where a folder on the way is none.
    private func place(of path: String) -> FilePath? {
        var place = root
        let parts = path.split(separator: "/").map(String.init)
        guard !parts.contains(".."), let last = parts.last else { return nil }
        for part in parts.dropLast() {
            place.append(part)
            guard place.kind == .folder else { return nil }
        }
        return place.appending(last)
    }
}

/// The packages that were unpacked, each in a folder named by its name, version and processor; kept until they are removed.
package struct PackageShelf: Sendable {
    private let folder: FilePath

    package init(folder: FilePath) { self.folder = folder }

    /// A package that is there.
    func package(_ record: PackageRecord) -> UnpackedPackage? {
        all(of: record.name).first { $0.record.version.description == record.version.description }
    }

    /// All versions of a package that are there.
    func all(of name: String) -> [UnpackedPackage] {
        folder.names.filter { $0.hasPrefix(name + "=") }.compactMap {
            open(folder.appending($0))
        }
    }

    /// Unpacks the file of a package.
    /// - Throws: `Failure` when it is not the one that the record names, `CancellationError`.
    func add(_ file: FilePath, _ record: PackageRecord) throws -> UnpackedPackage {
        if let known = package(record) { return known }
        try folder.makeFolders()
        HeldFolder.removeAbandoned(in: folder, prefix: "new-")
        let scratch = try HeldFolder(in: folder, prefix: "new-")
        defer { scratch.remove() }
        let whole = scratch.path.appending("package")
        try whole.makeFolders()
        let deb = try DebReader(file)
        let control = try deb.control()
        let own = PackageRecord(paragraph: Substring(control))
        guard let own, own.name == record.name, own.version == record.version, own.architecture == record.architecture
        else { throw Failure(.malformed, "\(file) is not \(record.name) \(record.version)") }
        try deb.unpack(to: whole.appending("root"))
        try whole.appending("control").replace(with: Array(control.utf8))
        let place = folder.appending("\(record.name)=\(record.version)=\(record.architecture)")
        do { try whole.move(to: place) } catch {
            // Another build was faster.
            guard place.isFolder else { throw error }
        }
        try SealedFolder(place).seal()
        guard let package = open(place) else { throw Failure(.unreadable, "cannot read \(place)") }
        sweep(record)
        return package
    }

    /// How many versions of a package are kept.
    private static let mostVersions = 3

    /// Removes all but the last versions of a package.
    private func sweep(_ record: PackageRecord) {
        let versions = folder.names.filter {
            $0.hasPrefix(record.name + "=") && $0.hasSuffix("=" + record.architecture)
        }
        let byAge = versions.map(folder.appending).sorted { age($0) < age($1) }
        for old in byAge.dropLast(Self.mostVersions) { try? SealedFolder(old).remove() }
    }

    private func age(_ folder: FilePath) -> Int64 { FileStamp(of: folder)?.modified ?? 0 }

    private func open(_ place: FilePath) -> UnpackedPackage? {
        guard let isIntact = try? SealedFolder(place).isIntact() else { return nil }
        guard isIntact else {
            // It is fetched again.
            try? SealedFolder(place).remove()
            return nil
        }
        guard let text = place.appending("control").text, let record = PackageRecord(paragraph: Substring(text)) else {
            return nil
        }
        return UnpackedPackage(record: record, root: place.appending("root"))
    }
}
