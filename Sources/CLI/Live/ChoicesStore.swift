import Console
import Files
import FoundationEssentials
import Lifecycle
import SystemPackage
import Text

/// Keeps what the user chose for a project, and which projects were open; no secret is among it.
struct ChoicesStore: Sendable {
    let cacheRoot: FilePath
    /// Seconds since 1970.
    let now: @Sendable () -> Double

    /// What was chosen for a project at the last start.
    func choices(for project: FilePath) -> Choices? {
        read(Choices.self, from: file(of: project))
    }

    /// Keeps what was chosen, and that the project was open.
    func save(_ choices: Choices, for project: FilePath) {
        write(choices, to: file(of: project))
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
        try? FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard let data = try? encoder.encode(value) else { return }
        try? data.write(to: URL(filePath: path.string), options: .atomic)
    }
}

extension ChoicesStore {
    /// The store of a machine, by its clock.
    init(_ machine: Machine) {
        self.init(cacheRoot: machine.cacheRoot, now: { Date().timeIntervalSince1970 })
    }
}
