import Files
import Glibc
import SystemPackage

/// Lists what of a project takes part in the build, folders before what is in them.
///
/// A relative link that stays inside the project stays a link, and so does one that leads nowhere, or to what is left out.
/// What any other link leads to is taken as if it stood there, because the build sees nothing outside its copy; outside
/// the project only where the user has opened that. Sockets, pipes and devices are left out.
package struct SourceWalk {
    private let root: FilePath
    private let selection: SourceSelection
    private var entries: [SourceEntry] = []
    private var outsideLinks: [OutsideLinks.Link] = []
    private var foldersAbove: [FilePath] = []

    /// The entries of a project; links on the way to its folder are followed.
    /// - Throws: `Failure` of code `outsideLinks` where links lead out of the project, `CancellationError`.
    package static func entries(of project: FilePath, _ selection: SourceSelection) throws -> [SourceEntry] {
        let root = project.realPath ?? project
        var walk = SourceWalk(root: root, selection: selection)
        try walk.visit(root, relative: "")
        guard walk.outsideLinks.isEmpty else { throw OutsideLinks(links: walk.outsideLinks).failure }
        return walk.entries
    }

    private init(root: FilePath, selection: SourceSelection) {
        self.root = root
        self.selection = selection
    }

    private mutating func visit(_ folder: FilePath, relative: String) throws {
        try Task.checkCancellation()
        guard !foldersAbove.contains(folder) else { return }
        foldersAbove.append(folder)
        defer { foldersAbove.removeLast() }
        for name in folder.names {
            let path = relative.isEmpty ? name : relative + "/" + name
            let full = folder.appending(name)
            guard let status = Self.status(of: full, isFollowing: false) else { continue }
            if selection.includes(name: name, path: path, isFolder: leadsToFolder(full, status)) {
                try take(full, path, status)
            }
        }
    }

    private func leadsToFolder(_ path: FilePath, _ status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFLNK else { return status.st_mode & S_IFMT == S_IFDIR }
        return Self.status(of: path, isFollowing: true).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    private mutating func take(_ full: FilePath, _ path: String, _ status: stat) throws {
        switch status.st_mode & S_IFMT {
        case S_IFREG: entries.append(SourceEntry(path: path, kind: .file, origin: full, stamp: FileStamp(status)))
        case S_IFDIR:
            entries.append(SourceEntry(path: path, kind: .folder, origin: full, stamp: FileStamp(status)))
            try visit(full, relative: path)
        case S_IFLNK: try follow(full, path, status)
        default: break
        }
    }

    private mutating func follow(_ link: FilePath, _ path: String, _ status: stat) throws {
        let isRelative = link.linkTarget.map { !$0.hasPrefix("/") } ?? false
        let asLink = SourceEntry(path: path, kind: .link, origin: link, stamp: FileStamp(status))
        guard let target = link.realPath, let found = Self.status(of: target, isFollowing: false) else {
            entries.append(asLink)
            return
        }
        let isInside = target.starts(with: root)
        if isInside, isRelative || !isSelected(target) {
            entries.append(asLink)
        } else if isInside || selection.openedPaths.contains(where: { target.starts(with: $0) }) {
            try take(target, path, found)
        } else if [S_IFREG, S_IFDIR].contains(found.st_mode & S_IFMT), !Self.isResult(path, target) {
            outsideLinks.append(OutsideLinks.Link(path: path, target: target))
        }
    }

    /// Whether it is the link that a build by Nix leaves behind, which is no part of the project.
    static func isResult(_ path: String, _ target: FilePath) -> Bool {
        path.hasPrefix("result") && !path.contains("/") && target.starts(with: "/nix/store")
    }

    /// Whether what is at a path inside the project takes part by itself.
    private func isSelected(_ target: FilePath) -> Bool {
        var full = root
        var path = ""
        for component in target.components.dropFirst(root.components.count) {
            full.append(component)
            path += (path.isEmpty ? "" : "/") + component.string
            let isFolder = Self.status(of: full, isFollowing: false).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
            guard selection.includes(name: component.string, path: path, isFolder: isFolder) else { return false }
        }
        return true
    }

    // MARK: The file system

    private static func status(of path: FilePath, isFollowing: Bool) -> stat? {
        var status = stat()
        return fstatat(AT_FDCWD, path.string, &status, isFollowing ? 0 : AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }
}
