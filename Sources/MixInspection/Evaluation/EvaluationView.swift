import Commands
import Diagnostics
import Files
import Glibc
import ProjectGit
import SystemPackage

/// What mix.exs sees of the machine's files: the project and what belongs to it, read-only, each at its real path.
///
/// To a project belong its umbrella and the mix projects that it names as path dependencies. The user's home folder, and
/// what is above it, is never shown for their sake. No `.git` is shown as it is: in its place are HEAD, branches and tags.
struct EvaluationView {
    /// The project's folder, links followed.
    let root: FilePath
    let home: FilePath?
    /// Folders and files outside the project that the user has opened to it.
    let opened: [FilePath]
    /// The project's repository, as the sandbox sees it.
    let repository: RepositoryView
    private let access = NamespaceAccess()

    /// The binds, outer folders before what is in them.
    /// - Parameter copy: a folder that stands in the project's place and may be written to.
    /// - Throws: `Failure` if the files cannot be made that hide git's own.
    func binds(copy: FilePath? = nil) throws(Failure) -> [Sandbox.Bind] {
        var outside: [Sandbox.Bind] = []
        for path in Set(around + opened).sorted(by: Self.isOuter) where !path.starts(with: root) {
            let isShown = outside.contains { path.starts(with: $0.destination) }
            if !isShown, access.canRead(path) { outside.append(Sandbox.Bind(path, at: path)) }
        }
        let git = try repository.binds(hidingIn: outside.map(\.source) + (copy == nil ? [root] : []))
        guard let copy else { return outside + [Sandbox.Bind(root, at: root)] + git }
        // What a copy leaves out is shown as it is.
        let made = ProjectTree.skipped.subtracting([".git"]).map { root.appending($0) }.filter {
            $0.leadsSomewhere && $0.realPath == $0
        }
        return outside + [Sandbox.Bind(copy, at: root, isWritable: true)]
            + made.filter(access.canRead).map { Sandbox.Bind($0, at: $0) } + git
    }

    private var around: [FilePath] {
        (umbrella + dependencies).filter { !HomeFolder(home).isWithin($0) }
    }

    private static func isOuter(_ one: FilePath, _ other: FilePath) -> Bool {
        (one.components.count, one.string) < (other.components.count, other.string)
    }

    /// The umbrella's folder, where the project is a child of one.
    private var umbrella: [FilePath] {
        let above = root.removingLastComponent().removingLastComponent()
        guard let own = try? StaticLook(above).facts().own, let apps = own.appsPath,
            above.appending(apps).realPath == root.removingLastComponent()
        else { return [] }
        return [above]
    }

    /// The folders of path dependencies outside of the project, where those are projects.
    private var dependencies: [FilePath] {
        guard let (own, children) = try? StaticLook(root).facts() else { return [] }
        let paths = ([own] + children).flatMap { facts in
            facts.dependencies.compactMap(\.path).map { root.appending(facts.folder).pushing(FilePath($0)) }
        }
        return paths.compactMap(\.realPath).filter { folder in
            ["mix.exs", "rebar.config"].contains { folder.appending($0).leadsSomewhere }
        }
    }
}

/// What mix.exs sees of git's folders: files with HEAD, branches and tags, and nothing else.
struct RepositoryView {
    let places: GitPlaces
    /// A folder to make the files in.
    let scratch: FilePath

    /// How far below a folder repositories are looked for.
    private static let depth = 3

    /// - Parameter folders: those that are shown, which may have repositories in them.
    /// - Throws: `Failure` if the files cannot be made that hide git's own.
    func binds(hidingIn folders: [FilePath]) throws(Failure) -> [Sandbox.Bind] {
        let files = scratch.appending("repository")
        let empty = scratch.appending("no-repository")
        try RepositoryFiles(places.repository).write(to: files, below: scratch)
        try empty.makeFolders()
        let shown = files.exists ? try shown(files) : []
        let hidden = folders.flatMap { Self.repositories(in: $0, depth: Self.depth) }
        return hidden.filter { folder in !shown.contains { $0.destination == folder } }
            .map { Sandbox.Bind(empty, at: $0) } + shown
    }

    /// The `.git` folders here and below; those of fetched dependencies have nothing that mix.exs does not say.
    private static func repositories(in folder: FilePath, depth: Int) -> [FilePath] {
        let git = folder.appending(".git")
        let own = git.kind == .folder ? [git] : []
        guard depth > 0 else { return own }
        let inner = folder.names.filter { !ProjectTree.skipped.contains($0) }.map { folder.appending($0) }
        return own + inner.filter { $0.kind == .folder }.flatMap { repositories(in: $0, depth: depth - 1) }
    }

    private func shown(_ files: FilePath) throws(Failure) -> [Sandbox.Bind] {
        guard let repository = places.repository, let file = places.seenFolders.first,
            let folder = places.seenFolders.last
        else { return [] }
        guard repository.isLinked else { return [Sandbox.Bind(files, at: file)] }
        // In the place of a file there can be a file only: as git's own, it leads to the folder.
        let link = scratch.appending("gitdir")
        try link.replace(with: "gitdir: \(folder)\n".utf8)
        return [Sandbox.Bind(link, at: file), Sandbox.Bind(files, at: folder)]
    }
}

/// What programs in the sandbox may read of the machine's files.
///
/// In a user namespace root has its own files only: those of other users are nobody's there, and the rights of others
/// hold for them, on the way to a file too.
struct NamespaceAccess {
    private let user = geteuid()
    private let group = getegid()

    /// Whether a file or folder, and every folder on the way to it, can be read.
    /// - Parameter path: absolute.
    func canRead(_ path: FilePath) -> Bool {
        var folder = path.removingLastComponent()
        while !folder.components.isEmpty {
            guard allows(X_OK, on: folder) else { return false }
            folder.removeLastComponent()
        }
        return allows(path.isFolder ? R_OK | X_OK : R_OK, on: path)
    }

    /// Whether all of these can be read; looks at each folder once.
    func canRead(all files: [FilePath]) -> Bool {
        Set(files.map { $0.removingLastComponent() }).allSatisfy { canRead($0) }
            && files.allSatisfy { allows(R_OK, on: $0) }
    }

    private func allows(_ rights: Int32, on path: FilePath) -> Bool {
        guard user == 0 else { return access(path.nameBytes, rights) == 0 }
        var status = stat()
        guard stat(path.nameBytes, &status) == 0 else { return false }
        let shift: UInt32 = status.st_uid == user ? 6 : status.st_gid == group ? 3 : 0
        return (status.st_mode >> shift) & UInt32(rights) == UInt32(rights)
    }
}
