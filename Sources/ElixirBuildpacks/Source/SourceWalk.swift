import BuildpackAPI
import Glibc
import SystemPackage

/// Lists what of a project takes part in the build, folders before what is in them.
///
/// A relative link that stays inside the project stays a link. What any other link leads to is taken as if it stood
/// there, because the build sees nothing outside its copy. Sockets, pipes and devices are left out.
struct SourceWalk {
    private let root: FilePath
    private let selection: SourceSelection
    private var entries: [SourceEntry] = []
    private var foldersAbove: [FilePath] = []

    /// The entries of a project.
    /// - Parameter project: its real path.
    static func entries(of project: FilePath, _ selection: SourceSelection) -> [SourceEntry] {
        var walk = SourceWalk(root: project, selection: selection)
        walk.visit(project, relative: "")
        return walk.entries
    }

    private init(root: FilePath, selection: SourceSelection) {
        self.root = root
        self.selection = selection
    }

    private mutating func visit(_ folder: FilePath, relative: String) {
        guard !foldersAbove.contains(folder) else { return }
        foldersAbove.append(folder)
        defer { foldersAbove.removeLast() }
        for name in folder.entryNames {
            let path = relative.isEmpty ? name : relative + "/" + name
            let full = folder.appending(name)
            guard let status = FileStatus.ofLink(full) else { continue }
            let isFolder = status.isFolder || (status.st_mode & S_IFMT == S_IFLNK && full.isFolder)
            if selection.includes(name: name, path: path, isFolder: isFolder) { take(full, path, status) }
        }
    }

    private mutating func take(_ full: FilePath, _ path: String, _ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            entries.append(SourceEntry(path: path, kind: .file, origin: full, stamp: FileStamp(status)))
        case S_IFDIR:
            entries.append(SourceEntry(path: path, kind: .folder, origin: full, stamp: FileStamp(status)))
            visit(full, relative: path)
        case S_IFLNK: follow(full, path, status)
        default: break
        }
    }

    private mutating func follow(_ link: FilePath, _ path: String, _ status: stat) {
        let isRelative = link.linkTarget.map { !$0.hasPrefix("/") } ?? false
        let target = link.resolved
        let staysInside = target.map { $0.string == root.string || $0.string.hasPrefix(root.string + "/") } ?? true
        if isRelative && staysInside || target == nil {
            entries.append(SourceEntry(path: path, kind: .link, origin: link, stamp: FileStamp(status)))
        } else if let target, let status = FileStatus.ofLink(target) {
            take(target, path, status)
        }
    }
}
