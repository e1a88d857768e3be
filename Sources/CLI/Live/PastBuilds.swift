import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import Reports
import SystemPackage
import Text

/// The builds of projects that ended before, from the recordings beside their logs.
struct PastBuilds: Sendable {
    let machine: Machine

    /// The builds of a project, newest first.
    func list(of project: FilePath) -> [PastBuild] { Array(builds(of: project)) }

    /// The name of the image that was built last.
    func lastImage(of project: FilePath) -> String? {
        builds(of: project).first { $0.ending == .finished }?.image
    }

    private func builds(of project: FilePath) -> some Sequence<PastBuild> {
        recordings(of: project).reversed().lazy.compactMap { path in
            guard let recording = try? Recording(contentsOf: path) else { return nil }
            return PastBuild(recording.events, id: path.stem ?? "", age: age(of: path))
        }
    }

    /// The events of a build.
    func events(of project: FilePath, id: String) throws -> [LifecycleEvent] {
        try Recording(contentsOf: try recording(of: project, id: id)).events
    }

    /// How long ago a build was, in words.
    func age(of project: FilePath, id: String) -> String {
        (try? recording(of: project, id: id)).map(age) ?? "some time ago"
    }

    private func recording(of project: FilePath, id: String) throws -> FilePath {
        guard let path = recordings(of: project).first(where: { $0.stem == id }) else {
            throw Failure(.refused, "no such build: \(id)", advice: "H lists past builds")
        }
        return path
    }

    private func recordings(of project: FilePath) -> [FilePath] {
        let folder = ProjectCache(project: project, root: machine.cacheRoot).logs
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        return names.filter { $0.hasSuffix(".events") }.sorted().map { folder.appending($0) }
    }

    private func age(of path: FilePath) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.string)
        let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return Amount.age(seconds: Date().timeIntervalSince1970 - time)
    }
}
