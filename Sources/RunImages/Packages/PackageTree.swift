import Diagnostics
import Digests
import Files
import Glibc
import SystemPackage

/// The files of Debian packages below a root, as they go into an image at the paths that they have there.
///
/// Only what packages list goes in, with the links on the way, the links of alternatives, and certificates: nothing of users, no
/// keys, nothing that others may not read, no file of /etc that somebody changed.
struct PackageTree {
    /// What goes in at a path; the folders above are a matter of course.
    enum Item: Equatable {
        case link(String)
        /// A file of the disk, by its path there.
        case file(String, isProgram: Bool)
        case bytes([UInt8], isProgram: Bool)
    }

    /// The packages of the root.
    let packages: PackageDatabase
    /// What goes in, by path.
    private(set) var items: [String: Item] = [:]
    /// The packages whose files were added.
    private(set) var added: Set<String> = []
    /// Files of /etc that stay out because they are not as their packages brought them.
    private(set) var changedConfiguration: Set<String> = []

    /// The root as the beginning of paths.
    private let root: String
    private let configuration: ConfigurationFiles
    private let diversions: Diversions
    private let alternatives: Alternatives
    /// Files of the packages that are in which dpkg moved away, and where to.
    private var diverted: [String: String] = [:]
    /// Where folders really are, links followed; `nil` for those that not everybody may enter, or that are none.
    private var folders: [String: String?] = ["/": "/"]

    /// - Throws: `Failure` of code `notFound` if dpkg has no list of packages there.
    init(root: FilePath = "/") throws(Failure) {
        let dpkg = root.appending("var/lib/dpkg")
        guard let packages = PackageDatabase(folder: dpkg) else {
            throw Failure(.notFound, "\(dpkg) has no list of packages")
        }
        self.root = root == "/" ? "" : root.string
        self.packages = packages
        configuration = ConfigurationFiles(status: dpkg.appending("status").text ?? "")
        diversions = Diversions(dpkg.appending("diversions").text ?? "")
        alternatives = Alternatives(folder: dpkg.appending("alternatives"))
        for link in ["/bin", "/sbin", "/lib", "/lib64"] { _ = folder(link) }
    }

    /// Where a path of the image is on the disk.
    func disk(_ path: String) -> String { root + path }

    private func stamp(_ place: String) -> FileStamp? {
        var status = stat()
        return lstat(disk(place), &status) == 0 ? FileStamp(status) : nil
    }

    private func target(_ place: String) -> String? { FilePath(disk(place)).linkTarget }

    /// Adds the files of a package.
    mutating func add(_ package: PackageDatabase.Package) throws(Failure) {
        guard added.insert(package.name).inserted else { return }
        for path in packages.files(of: package) where BuildImagePath.isWanted(path) {
            guard let target = diversions.place(of: path, from: package.name) else {
                try add(path)
                continue
            }
            try add(target)
            diverted[path] = target
        }
    }

    /// Puts files that were moved away for a package back to their own paths, where that package is not in.
    mutating func addDiverted() {
        for (path, target) in diverted {
            guard let place = place(of: path), items[place] == nil, let moved = self.place(of: target),
                let item = items[moved]
            else { continue }
            items[place] = item
        }
    }

    /// Adds a file or link, as far as it is there and everybody may read it.
    mutating func add(_ path: String) throws(Failure) {
        guard let place = place(of: path), items[place] == nil, let stamp = stamp(place) else { return }
        switch stamp.kind {
        case .link: if let target = target(place) { items[place] = .link(target) }
        case .file:
            guard stamp.permissions & 0o004 != 0, try isAsPackaged(path, disk(place)) else { return }
            items[place] = .file(disk(place), isProgram: stamp.permissions & 0o111 != 0)
        case .folder, .missing, .other: return
        }
    }

    /// Adds what is not of a package.
    mutating func add(_ more: [String: Item]) { items.merge(more) { $1 } }

    /// Adds the links of alternatives, such as `/usr/bin/cc`, that lead to something that is in.
    mutating func addAlternatives() throws(Failure) {
        for (link, name) in alternatives.links where BuildImagePath.isWanted(link) {
            let choice = "/etc/alternatives/" + name
            guard let target = target(choice), let place = place(of: target), items[place] != nil else { continue }
            items[choice] = .link(target)
            guard let place = self.place(of: link), self.target(place) == choice else { continue }
            items[place] = .link(choice)
        }
    }

    /// Adds the certificates that `ca-certificates` puts together when it is installed.
    mutating func addCertificates() throws(Failure) {
        let certificates = "/etc/ssl/certs"
        let bundle = certificates + "/ca-certificates.crt"
        if let stamp = stamp(bundle), stamp.kind == .file, stamp.permissions & 0o004 != 0 {
            items[bundle] = .file(disk(bundle), isProgram: false)
        }
        for name in FilePath(disk(certificates)).names {
            let path = "\(certificates)/\(name)"
            guard stamp(path)?.kind == .link, leadsToItem(path, depth: 0) else { continue }
            items[path] = target(path).map(Item.link)
        }
    }

    /// Follows links of one folder, such as a certificate's hash, to something that is in.
    private mutating func leadsToItem(_ path: String, depth: Int) -> Bool {
        guard depth < 8, let target = target(path) else { return false }
        let folder = FilePath(path).removingLastComponent()
        guard let aim = place(of: folder.pushing(FilePath(target)).lexicallyNormalized().string) else { return false }
        return items[aim] != nil || leadsToItem(aim, depth: depth + 1)
    }

    /// Files of /etc may hold what somebody wrote there: passwords of proxies, names of servers.
    private mutating func isAsPackaged(_ path: String, _ file: String) throws(Failure) -> Bool {
        guard path.hasPrefix("/etc/") else { return true }
        if let digest = configuration[path], try MessageDigest.hex(ofFile: FilePath(file), .md5) == digest {
            return true
        }
        changedConfiguration.insert(path)
        return false
    }

    // MARK: Links

    /// The path without links but the last; those on the way are added.
    private mutating func place(of path: String) -> String? {
        guard let (above, name) = Self.parts(path), let folder = folder(above) else { return nil }
        return folder == "/" ? "/" + name : folder + "/" + name
    }

    /// The folder that an absolute path is in, and its name there; plain text, because there are thousands.
    private static func parts(_ path: String) -> (folder: String, name: Substring)? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let name = path[path.utf8.index(after: slash)...]
        guard !name.isEmpty else { return nil }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
    }

    /// Where a folder really is.
    private mutating func folder(_ path: String, depth: Int = 0) -> String? {
        if let known = folders[path] { return known }
        guard depth < 40 else { return nil }
        let found = foundFolder(path, depth: depth)
        folders[path] = .some(found)
        return found
    }

    private mutating func foundFolder(_ path: String, depth: Int) -> String? {
        guard let (outer, name) = Self.parts(path), let above = folder(outer, depth: depth + 1) else { return nil }
        if name == ".." { return above == "/" ? "/" : FilePath(above).removingLastComponent().string }
        if name == "." { return above }
        let place = above == "/" ? "/" + name : above + "/" + name
        guard let stamp = stamp(place) else { return nil }
        switch stamp.kind {
        case .folder: return stamp.permissions & 0o001 != 0 ? place : nil
        case .link:
            guard let target = target(place),
                let aim = folder(FilePath(above).pushing(FilePath(target)).string, depth: depth + 1)
            else { return nil }
            items[place] = .link(target)
            return aim
        case .file, .missing, .other: return nil
        }
    }
}
