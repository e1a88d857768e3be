import Commands
import Files
import Glibc
import SystemPackage

/// What mix.exs sees of the machine's files: the project and what belongs to it, read-only, each at its real path.
///
/// To a project belong its umbrella, its git folder (also a parent's or a worktree's), and the mix projects that it
/// names as path dependencies. The user's home folder, and what is above it, is never shown for their sake.
struct EvaluationView {
    /// The project's folder, links followed.
    let root: FilePath
    let home: FilePath?
    /// Folders and files outside the project that the user has opened to it.
    let opened: [FilePath]
    private let access = NamespaceAccess()

    /// The binds, outer folders before what is in them.
    /// - Parameter copy: a folder that stands in the project's place and may be written to.
    func binds(copy: FilePath? = nil) -> [Sandbox.Bind] {
        var outside: [Sandbox.Bind] = []
        for path in Set(around + opened).sorted(by: Self.isOuter) where !path.starts(with: root) {
            let isShown = outside.contains { path.starts(with: $0.destination) }
            if !isShown, access.canRead(path) { outside.append(Sandbox.Bind(path, at: path)) }
        }
        guard let copy else { return outside + [Sandbox.Bind(root, at: root)] }
        // What a copy leaves out is shown as it is.
        let made = ProjectTree.skipped.map { root.appending($0) }.filter {
            $0.leadsSomewhere && $0.realPath == $0
        }
        return outside + [Sandbox.Bind(copy, at: root, isWritable: true)]
            + made.filter(access.canRead).map { Sandbox.Bind($0, at: $0) }
    }

    private var around: [FilePath] {
        (umbrella + dependencies).filter { !isHomeOrAbove($0) } + repository
    }

    private var repository: [FilePath] {
        let git = GitFolder(project: root)
        return git.worktree.map(isHomeOrAbove) == true ? [] : git.paths.filter { !isHomeOrAbove($0) }
    }

    private static func isOuter(_ one: FilePath, _ other: FilePath) -> Bool {
        (one.components.count, one.string) < (other.components.count, other.string)
    }

    private func isHomeOrAbove(_ path: FilePath) -> Bool {
        guard let home, !path.components.isEmpty else { return path.components.isEmpty }
        return [home, home.realPath ?? home].contains { $0.starts(with: path) }
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

/// The folders and files that git needs to answer in a project: `.git`, here or above, and what that leads to.
///
/// A worktree's and a submodule's `.git` is a file that names a folder elsewhere. That folder is taken only where it
/// names this one in return: else a project could have any repository of the machine shown to it.
///
/// Source: [gitrepository-layout](https://git-scm.com/docs/gitrepository-layout).
struct GitFolder {
    let project: FilePath

    /// The paths; those inside the project too.
    var paths: [FilePath] {
        guard let file = nearest else { return [] }
        if file.isFolder { return [file] }
        return [file] + linked(from: file)
    }

    /// The folder that the repository is checked out in.
    var worktree: FilePath? { nearest?.removingLastComponent() }

    /// The nearest `.git` that is a folder or a file; links are not followed.
    private var nearest: FilePath? {
        var folder = project
        while true {
            let git = folder.appending(".git")
            if git.kind == .link { return nil }
            if git.leadsSomewhere { return git }
            guard !folder.components.isEmpty else { return nil }
            folder.removeLastComponent()
        }
    }

    private func linked(from file: FilePath) -> [FilePath] {
        let worktree = file.removingLastComponent()
        guard let text = try? ProjectFile.text(file), text.hasPrefix("gitdir:"),
            let folder = Self.resolve(text.dropFirst("gitdir:".count), from: worktree),
            folder.appending("HEAD").leadsSomewhere
        else { return [] }
        if let back = try? ProjectFile.text(folder.appending("gitdir")),
            Self.resolve(back, from: folder) == file.realPath
        {
            let common = (try? ProjectFile.text(folder.appending("commondir"))).flatMap {
                Self.resolve($0, from: folder)
            }
            // A worktree's own folder lies in the common one; anything else is not git's doing.
            guard let common, folder.removingLastComponent() == common.appending("worktrees"),
                ["HEAD", "objects", "refs"].allSatisfy({ common.appending($0).leadsSomewhere })
            else { return [] }
            return [common]
        }
        guard let back = Self.worktree(namedIn: folder), back == worktree.realPath else { return [] }
        return [folder]
    }

    /// `core.worktree` of a submodule's folder.
    private static func worktree(namedIn folder: FilePath) -> FilePath? {
        guard let text = try? ProjectFile.text(folder.appending("config")),
            let match = text.firstMatch(of: /(?m)^\s*worktree\s*=\s*(.+?)\s*$/)
        else { return nil }
        return resolve(match.1, from: folder)
    }

    private static func resolve(_ text: some StringProtocol, from folder: FilePath) -> FilePath? {
        let words = text.drop(while: \.isWhitespace)
        let path = String(words.prefix { !$0.isNewline })
        return path.isEmpty ? nil : folder.pushing(FilePath(path)).realPath
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
        guard user == 0 else { return access(path.string, rights) == 0 }
        var status = stat()
        guard stat(path.string, &status) == 0 else { return false }
        let shift: UInt32 = status.st_uid == user ? 6 : status.st_gid == group ? 3 : 0
        return (status.st_mode >> shift) & UInt32(rights) == UInt32(rights)
    }
}
