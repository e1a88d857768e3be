import Commands
import Files
import SystemPackage

/// What mix.exs sees of the machine's files: the project and what belongs to it, read-only, each at its real path.
///
/// To a project belong its umbrella, its git folder (also a parent's or a worktree's), and the mix projects that it
/// names as path dependencies. The user's home folder, and what is above it, is never shown for their sake.
struct EvaluationView {
    /// The project's folder, links followed.
    let root: FilePath
    /// The user's home folder.
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
