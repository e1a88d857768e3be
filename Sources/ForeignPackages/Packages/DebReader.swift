import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// Unpacks a Debian package without dpkg ([deb(5)](https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html)).
package struct DebReader {
    private let file: FilePath
    private let members: [ArReader.Member]

    /// What no run image takes.
    private static let leftOut = ["usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/lintian/"]
    private static let limits = TarLimits(entries: 200_000, totalSize: 4 << 30)
    private static let controlLimits = TarLimits(entries: 1000, totalSize: 64 << 20)

    /// Opens a package.
    /// - Throws: `Failure` of code `malformed` where it is none.
    package init(_ file: FilePath) throws(Failure) {
        self.file = file
        let reader = try ArReader(.file(file))
        var members: [ArReader.Member] = []
        while let member = try reader.next() { members.append(member) }
        guard members.first?.name == "debian-binary" else {
            throw Failure(.malformed, "\(file) is not a Debian package")
        }
        self.members = members
    }

    /// What the package says of itself.
    /// - Throws: `Failure` where it has no such file.
    package func control() throws(Failure) -> String {
        let reader = try TarReader(member("control.tar"), limits: Self.controlLimits)
        while let entry = try reader.next() {
            guard case .file = entry.kind, Self.parts(of: entry.path) == ["control"] else { continue }
            return String(decoding: try reader.content(limit: 1 << 20), as: UTF8.self)
        }
        throw Failure(.malformed, "\(file) does not say what it is")
    }

    /// Writes the package's files to a folder; documentation and translations are left out.
    ///
    /// Nothing is written through a link or outside of the folder. Owners are left out, and what lets others become them.
    /// - Throws: `Failure`, `CancellationError`.
    package func unpack(to root: FilePath) throws {
        try root.makeFolders()
        let reader = try TarReader(member("data.tar"), limits: Self.limits)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            guard let parts = Self.parts(of: entry.path), let name = parts.last else {
                guard Self.isTop(entry.path) else { throw outside(entry.path) }
                continue
            }
            let path = parts.joined(separator: "/")
            guard !Self.leftOut.contains(where: (path + "/").hasPrefix) else { continue }
            let place = try folder(parts.dropLast(), in: root).appending(name)
            switch entry.kind {
            case .directory: _ = try folder(parts, in: root)
            case .file:
                try remove(place)
                try reader.copyContent(to: try FileSink(creating: place))
                guard chmod(place.nameBytes, mode_t(entry.mode & 0o755) | 0o600) == 0 else {
                    throw Failure.system(.unwritable, place.string)
                }
            case .symlink(let target):
                try remove(place)
                try place.makeLink(to: target)
            case .hardLink(let target):
                guard let other = Self.parts(of: target), let last = other.last else { throw outside(target) }
                let source = try folder(other.dropLast(), in: root).appending(last)
                guard source.kind == .file else { throw Failure(.malformed, "\(file): \(path) is a link to no file") }
                try remove(place)
                try source.copyTree(to: place)
            case .special: throw Failure(.malformed, "\(file): \(path) is a device")
            }
        }
    }

    private func member(_ name: String) throws(Failure) -> ArchiveInput {
        guard let member = members.first(where: { $0.name == name || $0.name.hasPrefix(name + ".") }) else {
            throw Failure(.malformed, "\(file) has no \(name)")
        }
        return .file(file, offset: member.offset, size: member.size)
    }

    private func outside(_ path: String) -> Failure {
        Failure(.malformed, "\(file): \(path) leads out of the package")
    }

    private func remove(_ place: FilePath) throws(Failure) {
        guard place.kind != .folder else { throw Failure(.malformed, "\(file): \(place) is there twice") }
        try place.remove()
    }

    /// The folder of a path, made where it is missing; a link on the way is no folder.
    private func folder(_ parts: some Sequence<String>, in root: FilePath) throws(Failure) -> FilePath {
        var place = root
        for part in parts {
            place.append(part)
            switch place.kind {
            case .folder: continue
            case .missing:
                guard mkdir(place.nameBytes, 0o700) == 0 else { throw .system(.unwritable, place.string) }
            case .file, .link, .other: throw outside("\(place)")
            }
        }
        return place
    }

    private static func isTop(_ path: String) -> Bool { path.split(separator: "/").allSatisfy { $0 == "." } }

    /// The names of a path from the package's top; `nil` for the top itself and for what leads out.
    private static func parts(of path: String) -> [String]? {
        guard path.first != "/" else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
        return parts.isEmpty || parts.contains("..") ? nil : parts
    }
}
