import Diagnostics
import Files
import SystemPackage

/// A look at a mix project that runs nothing of it.
struct StaticLook {
    let root: FilePath
    let surroundings: ProjectSurroundings

    init(_ root: FilePath, _ surroundings: ProjectSurroundings = ProjectSurroundings()) {
        self.root = root
        self.surroundings = surroundings
    }

    func read() throws(Failure) -> MixProject {
        let (own, children) = try facts()
        return try ProjectAssembly(
            root: root, own: own, children: children, evidence: .probable, surroundings: surroundings
        )
        .project()
    }

    func facts() throws(Failure) -> (own: ProjectFacts, children: [ProjectFacts]) {
        let file = try mixFile()
        let own = file.facts(folder: ".")
        guard let appsPath = own.appsPath else { return (own, []) }
        let folder = root.appending(appsPath)
        let names = folder.names.filter { own.apps?.contains($0) ?? true }
        let children = names.compactMap { name -> ProjectFacts? in
            guard let bytes = try? ProjectFile.bytes(folder.appending("\(name)/mix.exs")) else { return nil }
            var facts = MixFile(bytes).facts(folder: "\(appsPath)/\(name)")
            facts.app = facts.app ?? name
            return facts
        }
        return (own, children)
    }

    /// The project's folder with links followed.
    /// - Throws: `Failure` of the kind `notMixProject` where it holds no mix.exs.
    func existingRoot() throws(Failure) -> FilePath {
        guard root.isFolder, let real = root.realPath else {
            throw Failure(.notMixProject, "\(root) is not a folder")
        }
        guard real.appending("mix.exs").leadsSomewhere else { throw notMixProject() }
        return real
    }

    /// - Throws: `Failure` of the kind `notMixProject` where there is none, or none that uses Mix.Project.
    func mixFile() throws(Failure) -> MixFile {
        let root = try existingRoot()
        let bytes: [UInt8]
        do {
            bytes = try ProjectFile.bytes(root.appending("mix.exs"))
        } catch {
            throw Failure(.cannotPlan, "cannot read mix.exs: \(error)", at: Place("mix.exs"))
        }
        let file = MixFile(bytes)
        if !file.isMixProject {
            throw Failure(
                .notMixProject, "mix.exs defines no project: no module has `use Mix.Project`",
                at: Place("mix.exs"))
        }
        return file
    }

    private func notMixProject() -> Failure {
        let others = ["rebar.config": "rebar3", "gleam.toml": "Gleam"]
        let other = others.sorted { $0.key < $1.key }.first { root.appending($0.key).leadsSomewhere }
        let what = other.map { "; its \($0.key) makes it a \($0.value) project" } ?? ""
        return Failure(
            .notMixProject, "\(root) is not a mix project: it has no mix.exs\(what)",
            advice: "name the folder that contains mix.exs")
    }
}

/// Reading of a project's files: no larger ones than an inspection has use for.
enum ProjectFile {
    private static let limit = 16 << 20

    /// - Throws: `Failure` also for a file of more than 16 MiB.
    static func bytes(_ path: FilePath) throws(Failure) -> [UInt8] { try path.bytes(limit: limit) }

    /// The file's text, invalid UTF-8 repaired.
    static func text(_ path: FilePath) throws(Failure) -> String { String(decoding: try bytes(path), as: UTF8.self) }
}
