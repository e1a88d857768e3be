import Files
import SystemPackage

/// Where a project and its repository are, and where the project's code sees them.
package struct GitPlaces: Sendable {
    /// The project's folder, links followed.
    package let project: FilePath
    /// Where the code sees it.
    package let seen: FilePath
    package let home: FilePath?
    /// The repository that the project belongs to.
    package let repository: GitFolder?
    /// The folder around the project that the code sees with it, and where; without one the project's own.
    private let around: (folder: FilePath, seen: FilePath)

    /// - Parameter context: the folder around the project that the code sees with it, links followed.
    package init(project: FilePath, seen: FilePath, home: FilePath?, context: FilePath? = nil) {
        self.project = project
        self.seen = seen
        self.home = home
        var (folder, shown) = (project, seen)
        while let context, folder != context, folder.starts(with: context) {
            folder.removeLastComponent()
            shown.removeLastComponent()
        }
        around = (folder, shown)
        repository = GitFolder(of: project, home: home)
    }

    /// Where a repository's own folders are seen if `.git` is a file that leads to them.
    static let linked: FilePath = "/mixpack/repository"
    /// Where a repository is seen that the project is only a folder of, if the project is not seen at its own place.
    private static let larger: FilePath = "/repository"

    /// Where a repository's files are seen.
    func seenWorktree(_ git: GitFolder) -> FilePath {
        if let rest = Self.rest(of: git.worktree, in: around.folder) { return around.seen.pushing(rest) }
        return seen == project ? git.worktree : Self.larger
    }

    /// Where the code sees the project's `.git`, and where git says that it keeps HEAD.
    package var seenFolders: [FilePath] {
        guard let repository else { return [] }
        let own = seenOwn(repository)
        return [seenWorktree(repository).appending(".git"), own]
    }

    func seenOwn(_ git: GitFolder) -> FilePath {
        guard git.isLinked else { return seenWorktree(git).appending(".git") }
        return Self.rest(of: git.own, in: git.common).map { Self.linked.pushing($0) } ?? Self.linked
    }

    /// The folder on the machine that the code sees at a path; `nil` if it is not the project's or its repository's.
    func real(of path: FilePath) -> FilePath? {
        if let rest = Self.rest(of: path, in: around.seen) { return around.folder.pushing(rest) }
        guard let repository, let rest = Self.rest(of: path, in: seenWorktree(repository)) else { return nil }
        return repository.worktree.pushing(rest)
    }

    /// Where the code sees a folder of a repository.
    func seen(_ folder: FilePath, of git: GitFolder) -> FilePath {
        Self.rest(of: folder, in: git.worktree).map { seenWorktree(git).pushing($0) } ?? seenWorktree(git)
    }

    /// Whether a folder is the project's or its repository's.
    func contains(_ folder: FilePath) -> Bool {
        folder.starts(with: around.folder) || repository.map { folder.starts(with: $0.worktree) } == true
    }

    private static func rest(of path: FilePath, in folder: FilePath) -> FilePath? {
        guard path.starts(with: folder) else { return nil }
        var rest = path
        return rest.removePrefix(folder) ? rest : nil
    }
}
