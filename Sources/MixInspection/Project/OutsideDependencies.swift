import Files
import ProjectGit
import SystemPackage

/// What the user lets a project have of what is around it, and where the user's home folder is.
package struct ProjectSurroundings: Sendable, Hashable {
    /// The folder around the project that is copied with it, links followed.
    package var context: FilePath?
    /// No folder with the user's home folder in it is ever proposed.
    package var home: FilePath?

    package init(context: FilePath? = nil, home: FilePath? = nil) {
        self.context = context
        self.home = home
    }
}

/// The dependencies by path that are outside of what is copied: the project's, and those of other dependencies by path.
struct OutsideDependencies {
    struct Dependency {
        var name: String
        /// Its folder, relative to the project's if the mix.exs has it so.
        var path: String
        /// The mix.exs that names it, relative to the project's folder.
        var file: String
    }

    /// The project's folder, links followed.
    let root: FilePath
    let surroundings: ProjectSurroundings
    private(set) var all: [Dependency] = []
    /// The dependencies by path that only other dependencies by path name: their folders, relative to the project's.
    private(set) var indirect: [(name: String, path: String)] = []
    /// The folders of all, links followed.
    private var folders: [FilePath] = []

    init(of facts: [ProjectFacts], in root: FilePath, _ surroundings: ProjectSurroundings) {
        self.root = root
        self.surroundings = surroundings
        var seen: Set<FilePath> = []
        var open = facts.map { ($0, root) }
        while let (facts, base) = open.popLast() {
            for dependency in facts.dependencies {
                guard let path = dependency.path, dependency.isForProduction, !dependency.inUmbrella else { continue }
                let folder = base.pushing(FilePath(facts.folder)).pushing(FilePath(path)).lexicallyNormalized()
                guard seen.insert(folder).inserted else { continue }
                if base != root { indirect.append((dependency.name, Self.relative(folder, to: root))) }
                if !isCopied(folder) { add(dependency.name, path, folder, facts, base) }
                guard let bytes = try? ProjectFile.bytes(folder.appending("mix.exs")) else { continue }
                open.append((MixFile(bytes).facts(folder: "."), folder))
            }
        }
        all.sort { ($0.name, $0.path) < ($1.name, $1.path) }
    }

    private mutating func add(
        _ name: String, _ path: String, _ folder: FilePath, _ facts: ProjectFacts, _ base: FilePath
    ) {
        folders.append(folder)
        let isAbsolute = FilePath(path).isAbsolute
        let file = facts.path("mix.exs")
        all.append(
            Dependency(
                name: name, path: isAbsolute ? path : facts.path(path),
                file: base == root ? file : Self.relative(base.appending(file), to: root)))
        if base != root, !isAbsolute { all[all.count - 1].path = Self.relative(folder, to: root) }
    }

    private func isCopied(_ folder: FilePath) -> Bool {
        folder.starts(with: root) || surroundings.context.map { folder.starts(with: $0) } == true
    }

    /// The folder that a build would have to copy: the git repository, or the nearest folder that has all of them.
    ///
    /// `nil` if that is the user's home folder or one above.
    var proposal: FilePath? {
        guard !folders.isEmpty else { return nil }
        if let git = GitFolder(of: root, home: surroundings.home)?.worktree,
            folders.allSatisfy({ $0.starts(with: git) })
        {
            return git
        }
        var common = root
        while !folders.allSatisfy({ $0.starts(with: common) }) { common.removeLastComponent() }
        return HomeFolder(surroundings.home).isWithin(common) ? nil : common
    }

    /// A path from another folder; both absolute, without links.
    private static func relative(_ path: FilePath, to folder: FilePath) -> String {
        let (own, parts) = (Array(folder.components), Array(path.components))
        let common = zip(own, parts).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: own.count - common) + parts.dropFirst(common).map(\.string))
            .joined(separator: "/")
    }
}
