import Console
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage
import Text

/// Keeps what the user chose for a project, and which projects were open; no secret is among it.
struct ChoicesStore: Sendable {
    let cacheRoot: FilePath
    /// What no cache may lose is below it, by the project's real path.
    let stateRoot: FilePath
    /// Seconds since 1970.
    let now: @Sendable () -> Double

    /// What was chosen for a project at the last start.
    func choices(for project: FilePath) -> Choices? {
        let cached = read(Choices.self, from: file(of: project))
        guard let kept = kept(for: project) else { return cached }
        var choices = cached ?? .none
        choices.run = kept.run
        choices.secretSources = kept.secretSources
        return choices
    }

    /// Keeps what was chosen, and that the project was open.
    func save(_ choices: Choices, for project: FilePath) {
        write(choices, to: file(of: project))
        let kept = Kept(path: Self.real(project).string, run: choices.run, secretSources: choices.secretSources)
        if kept.isWorthKeeping || keptFile(of: project).exists { write(kept, to: keptFile(of: project)) }
        var entries = self.entries.filter { $0.path != project.string }
        entries.insert(Entry(path: project.string, image: choices.image, time: now()), at: 0)
        write(Array(entries.prefix(Self.mostProjects)), to: recentFile)
    }

    /// The projects that were open before and are still there, newest first.
    func recentProjects() -> [RecentProject] {
        entries.filter { FileManager.default.fileExists(atPath: $0.path) }.map { entry in
            RecentProject(path: FilePath(entry.path), image: entry.image, age: Amount.age(seconds: now() - entry.time))
        }
    }

    private struct Entry: Codable {
        var path: String
        var image: String?
        var time: Double
    }

    /// What is kept of a project in mixpack's state: how its containers start, and where its secrets come from.
    private struct Kept: Codable {
        var path: String
        var run = RunOptions()
        var secretSources: [String: SecretSource] = [:]

        var isWorthKeeping: Bool { run != RunOptions() || !secretSources.isEmpty }
    }

    /// The commands that print secrets, as an earlier version kept them with the other choices.
    private struct Earlier: Decodable {
        var secretCommands: [String: String]?
    }

    private func kept(for project: FilePath) -> Kept? {
        if let kept = read(Kept.self, from: keptFile(of: project)) {
            return kept.path == Self.real(project).string ? kept : nil
        }
        guard let commands = read(Earlier.self, from: file(of: project))?.secretCommands, !commands.isEmpty else {
            return nil
        }
        return Kept(path: project.string, secretSources: commands.mapValues { .command($0) })
    }

    private static func real(_ project: FilePath) -> FilePath { project.realPath ?? project }

    private func keptFile(of project: FilePath) -> FilePath {
        let named = ProjectCache(project: Self.real(project), root: stateRoot.appending("projects")).directory
        return FilePath(named.string + ".json")
    }

    private static let mostProjects = 20

    private var entries: [Entry] { read([Entry].self, from: recentFile) ?? [] }
    private var recentFile: FilePath { cacheRoot.appending("recent-projects.json") }

    private func file(of project: FilePath) -> FilePath {
        ProjectCache(project: project, root: cacheRoot).directory.appending("choices.json")
    }

    private func read<Value: Decodable>(_ type: Value.Type, from path: FilePath) -> Value? {
        guard let data = FileManager.default.contents(atPath: path.string) else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }

    /// What cannot be kept is not worth a failure: the next start asks again.
    private func write(_ value: some Encodable, to path: FilePath) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value), (try? path.removingLastComponent().makeFolders()) != nil else {
            return
        }
        try? path.replace(with: data)
    }
}

extension ChoicesStore {
    /// The store of a machine, by its clock.
    init(_ machine: Machine) {
        self.init(cacheRoot: machine.cacheRoot, stateRoot: machine.state, now: { Date().timeIntervalSince1970 })
    }
}
