import FoundationEssentials
import MixInspection
import SystemPackage

/// What `mixpack detect` found out; its JSON form is for programs.
struct Detection: Codable {
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
    /// What stands in the way of a build.
    var error: MixError?

    /// The exit code of `mixpack detect`, where it is not 0.
    var exitCode: Int32? { error?.exitCode }

    /// Looks at a project: read first, then evaluated where there is a toolchain.
    static func make(_ project: FilePath, release: String?, wiring: Wiring) async -> Detection {
        var detection = Detection(path: project.string, buildpacks: wiring.buildpackNames)
        do {
            detection.project = try MixInspector.staticLook(project)
            let found = wiring.toolchain(of: project)
            detection.versions = found.requests.all
            let versions = try ProjectVersions(found)
            detection.toolchain = versions.toolchain
            detection.toBeFetched = versions.need?.text
            if let toolchain = versions.toolchain {
                detection.project = try await wiring.inspector(toolchain, for: project).inspect(project)
            }
            detection.project?.findings += versions.findings
            // What is yet to be fetched will fit.
            let plan = try detection.project?.plan(
                requested: release, toolchain: versions.need == nil ? versions.toolchain : nil)
            detection.release = plan?.release.name
        } catch let error as MixError {
            detection.error = error
        } catch {
            detection.error = MixError(.cannotPlan, "\(error)")
        }
        return detection
    }

    /// The detection as JSON, keys sorted.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
