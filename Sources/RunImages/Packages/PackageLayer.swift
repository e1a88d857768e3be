import LayerArchive
import SystemPackage

/// A layer of files of packages, with the folders on the way and what scanners go by.
struct PackageLayer {
    /// The one user of an image.
    struct User {
        let name: String

        /// Who buildpacks run as.
        static let builder = User(name: "cnb")
        /// Who releases run as.
        static let application = User(name: "app")

        var home: String { "/home/" + name }
    }

    let items: [String: PackageTree.Item]
    let packages: [PackageDatabase.Package]

    var contents: LayerContents { LayerContents(entries.sorted { $0.key < $1.key }.map(\.value)) }

    /// The layer with what every system has, in our own words: users, and the folders that programs expect.
    func withUser(_ user: User) -> LayerContents {
        var all = entries
        for folder in [
            "/dev", "/etc", "/home", "/media", "/mnt", "/opt", "/proc", "/run", "/srv", "/sys", "/usr", "/usr/local",
            "/usr/local/bin", "/var", "/var/cache", "/var/lib", "/var/log",
        ] { all[folder] = .directory(folder, mode: 0o755, owner: .root) }
        all["/root"] = .directory("/root", mode: 0o700, owner: .root)
        for folder in ["/tmp", "/var/tmp"] { all[folder] = .directory(folder, mode: 0o1777, owner: .root) }
        all[user.home] = .directory(user.home, mode: 0o755, owner: Owner(user: 1000, group: 1000))
        let (name, home) = (user.name, user.home)
        let written = [
            "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
                + "\(name):x:1000:1000:\(name):\(home):/bin/sh\n",
            "/etc/group": "root:x:0:\nnogroup:x:65534:\n\(name):x:1000:\n",
            "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        ]
        for (path, text) in written { all[path] = .file(Array(text.utf8), path: path, mode: 0o644, owner: .root) }
        return LayerContents(all.sorted { $0.key < $1.key }.map(\.value))
    }

    private var entries: [String: LayerContents.Item] {
        var all = PackageRecords(packages).items
        for path in items.keys {
            var rest = path[...]
            while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex {
                rest = path[..<slash]
                let folder = String(rest)
                guard all[folder] == nil else { break }
                all[folder] = .directory(folder, mode: 0o755, owner: .root)
            }
        }
        for (path, item) in items { all[path] = Self.entry(item, at: path) }
        return all
    }

    private static func entry(_ item: PackageTree.Item, at path: String) -> LayerContents.Item {
        switch item {
        case .link(let target): .symlink(target: target, path: path, mode: 0o777, owner: .root)
        case .file(let file, let isProgram):
            .copy(FilePath(file), path: path, mode: isProgram ? 0o755 : 0o644, owner: .root)
        case .bytes(let bytes, let isProgram):
            .file(bytes, path: path, mode: isProgram ? 0o755 : 0o644, owner: .root)
        }
    }
}
