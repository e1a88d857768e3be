import LayerArchive
import SystemPackage

/// The one layer of the run image: the machine's files, and the few that are written for it.
struct RunImageLayer {
    let selection: FileSelection
    /// The machine's /etc/os-release.
    let osRelease: [UInt8]
    /// The packages that its files come from, where the machine has dpkg.
    var packages: [PackageDatabase.Package] = []

    private static let user = Owner(user: 1000, group: 1000)
    private static let passwd = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n"
    private static let group = "root:x:0:\napp:x:1000:\n"
    private static let nsswitch = "passwd: files\ngroup: files\nhosts: files dns\n"

    var contents: LayerContents {
        var items: [String: LayerContents.Item] = [:]
        for (path, item) in selection.items { items[path] = Self.item(item, at: path) }
        for folder in ["/dev", "/etc", "/home", "/proc", "/root", "/run", "/sys", "/var"] {
            items[folder] = .directory(folder, mode: 0o755, owner: .root)
        }
        items["/tmp"] = .directory("/tmp", mode: 0o1777, owner: .root)
        items["/var/tmp"] = .directory("/var/tmp", mode: 0o1777, owner: .root)
        items["/home/app"] = .directory("/home/app", mode: 0o755, owner: Self.user)
        let written = [("passwd", Self.passwd), ("group", Self.group), ("nsswitch.conf", Self.nsswitch)]
        for (name, text) in written { items["/etc/" + name] = Self.file(Array(text.utf8), at: "/etc/" + name) }
        items["/etc/os-release"] = Self.file(osRelease, at: "/etc/os-release")
        items.merge(PackageRecords(packages).items) { $1 }
        return LayerContents(items.sorted { $0.key < $1.key }.map(\.value))
    }

    static func item(_ item: FileSelection.Item, at path: String) -> LayerContents.Item {
        switch item {
        case .folder: .directory(path, mode: 0o755, owner: .root)
        case .link(let target): .symlink(target: target, path: path, mode: 0o777, owner: .root)
        case .file(let file, let isProgram): .copy(file, path: path, mode: isProgram ? 0o755 : 0o644, owner: .root)
        }
    }

    private static func file(_ bytes: [UInt8], at path: String) -> LayerContents.Item {
        .file(bytes, path: path, mode: 0o644, owner: .root)
    }
}

/// What tells scanners the packages of an image that has no dpkg: a file for each in `var/lib/dpkg/status.d`, as distroless
/// images have them.
struct PackageRecords {
    private static let folder = "/var/lib/dpkg/status.d"

    let items: [String: LayerContents.Item]

    init(_ packages: [PackageDatabase.Package]) {
        var items: [String: LayerContents.Item] = [:]
        for package in packages {
            let path = "\(Self.folder)/\(package.name)"
            items[path] = .file(Array(package.record.utf8), path: path, mode: 0o644, owner: .root)
        }
        if !items.isEmpty {
            for folder in ["/var", "/var/lib", "/var/lib/dpkg", Self.folder] {
                items[folder] = .directory(folder, mode: 0o755, owner: .root)
            }
        }
        self.items = items
    }
}

extension FileSelection {
    /// What it has and another lacks, with the folders on the way, as a layer above that of the other.
    /// - Parameter records: of the packages that this one's own files come from.
    func contents(besides base: FileSelection, _ records: PackageRecords = PackageRecords([])) -> LayerContents {
        let more = items.filter { $0.value != .folder && base.items[$0.key] != $0.value }
        var folders: Set<String> = []
        for path in more.keys {
            var folder = FilePath(path).removingLastComponent()
            while folder != "/", folders.insert(folder.string).inserted { folder = folder.removingLastComponent() }
        }
        let all = more.map { ($0.key, $0.value) } + folders.map { ($0, Item.folder) }
        let items = Dictionary(all.map { ($0.0, RunImageLayer.item($0.1, at: $0.0)) }) { $1 }
        return LayerContents(items.merging(records.items) { $1 }.sorted { $0.key < $1.key }.map(\.value))
    }
}
