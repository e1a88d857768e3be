import BuildpackAPI
import Diagnostics
import Files
import FoundationEssentials
import Lifecycle
import MixInspection
import SystemPackage

/// What `mixpack detect` found out; its JSON form is for programs.
struct Detection: Encodable {
    /// The project's folder.
    var path: String
    /// The installed Erlang and Elixir; `nil` where there is none.
    var toolchain: Toolchain?
    /// The versions that the project asks for, in the order in which they count.
    var versions: [RequestedVersion] = []
    /// What a build fetches first, because it is not installed.
    var toBeFetched: String?
    /// The project; `nil` where there is none.
    var project: MixProject?
    /// The release that would be built.
    var release: String?
    /// The buildpacks, in order.
    var buildpacks: [String]
    /// The same with what each would do.
    var order: [Step] = []
    /// What project.toml says; `nil` where there is none.
    var projectFile: ProjectFileFacts?
    /// What stands in the way of a build.
    var error: Failure?

    /// The exit code of `mixpack detect`, where it is not 0.
    var exitCode: Int32? { error.map { ExitCode.code(for: $0) } }

    /// A buildpack of the order.
    struct Step: Encodable {
        /// Its id.
        var id: String
        /// Its version; empty where it is not known yet.
        var version: String
        /// What it would do, or where it comes from.
        var purpose: String
    }

    private enum CodingKeys: String, CodingKey {
        case path, toolchain, versions, toBeFetched, project, release, buildpacks, order, projectFile, error
    }

    /// Looks at a project: read first, then evaluated where there is a toolchain.
    static func make(
        _ project: FilePath, release: String?, given: [BuildpackChoice] = [], wiring: Wiring
    ) async -> Detection {
        var detection = Detection(path: project.string, buildpacks: wiring.buildpackNames)
        var order = PlannedOrder(nil, given: given, wiring: wiring)
        do {
            let file = try ProjectFile(of: project)
            detection.projectFile = file.facts
            order = PlannedOrder(file.descriptor, given: given, wiring: wiring)
            detection.release = try await detection.plan(project, release: release ?? file.release, wiring)
            try file.checkLinks(of: project, opened: wiring.openedPaths)
        } catch {
            let failure = Failure(error, or: .cannotPlan)
            let isPlanned = ExitCode.code(for: failure) != ExitCode.ruleBroken
            detection.error = isPlanned ? failure : failure.coded(.cannotPlan)
            // project.toml may be at fault, and say nothing about the project.
            detection.project = detection.project ?? (try? MixInspector.staticLook(project))
        }
        detection.take(order)
        return detection
    }

    /// Takes the buildpacks in; where none of them is mixpack's own, it takes no mix project to build.
    private mutating func take(_ order: PlannedOrder) {
        buildpacks = order.entries.map(\.id)
        self.order = PlannedBuildpacks(order: order).list(for: project).map {
            Step(id: $0.id, version: $0.version, purpose: $0.purpose)
        }
        if error?.code == .notMixProject, order.entries.allSatisfy({ $0.source != nil }) { error = nil }
        if error == nil, let failure = order.entries.compactMap(\.failure).first {
            error = Failure(.cannotPlan, failure.message, advice: failure.advice)
        }
    }

    /// Finds out about the project, and which release would be built.
    private mutating func plan(_ folder: FilePath, release: String?, _ wiring: Wiring) async throws -> String? {
        // Whether the sandbox works is found out meanwhile.
        async let _ = wiring.runner.sandboxStatus()
        project = try MixInspector.staticLook(folder)
        let found = wiring.toolchain(of: folder)
        versions = found.requests.all
        let known = try ProjectVersions(found)
        toolchain = known.toolchain
        toBeFetched = known.need?.text
        if let toolchain {
            project = try await wiring.inspector(toolchain, for: folder).inspect(folder)
        }
        project?.findings += known.findings
        // What is yet to be fetched will fit.
        return try project?.plan(requested: release, toolchain: known.need == nil ? toolchain : nil).release.name
    }

    /// The detection as JSON, keys sorted.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
