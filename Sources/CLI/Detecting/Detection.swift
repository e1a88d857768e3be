import FoundationEssentials
import MixInspection
import SystemPackage

/// What `mixpack detect` found out; its JSON form is for programs.
struct Detection: Codable {
    /// The project's folder.
    var path: String
    /// The installed Erlang and Elixir; `nil` where there is none.
    var toolchain: Toolchain?
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
            let toolchain = try Toolchain.discover(environment: wiring.machine.environment)
            detection.toolchain = toolchain
            let evaluated = try await wiring.inspector(toolchain, for: project).inspect(project)
            detection.project = evaluated
            detection.release = try evaluated.plan(requested: release, toolchain: toolchain).release.name
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
