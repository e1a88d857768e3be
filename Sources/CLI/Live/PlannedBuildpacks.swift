import Console
import ElixirBuildpacks
import MixInspection

/// The buildpacks of a build in order, and what each would do for a project.
struct PlannedBuildpacks {
    let order: PlannedOrder

    /// The buildpacks; before the project is known whether they fit is open.
    func list(for project: MixProject?) -> [ProjectInspection.PlannedBuildpack] {
        order.entries.map { entry in
            ProjectInspection.PlannedBuildpack(
                id: entry.id, version: entry.version, purpose: entry.source ?? Self.purpose(of: entry.id, project),
                passes: entry.failure != nil ? false : project == nil || entry.source != nil ? nil : true)
        }
    }

    private static func purpose(of id: String, _ project: MixProject?) -> String {
        switch id {
        case BuildpackID.erlangRuntime: return "offers the machine's Erlang to the build"
        case BuildpackID.elixirRuntime: return "offers the machine's Elixir to the build"
        default:
            guard let project else { return "makes the release" }
            let fetch = project.hasFetchedDependencies ? "fetches dependencies, " : ""
            let assets = project.assetsDeploy.isEmpty ? "" : "deploys assets, "
            return "\(fetch)compiles, \(assets)makes the release"
        }
    }
}
