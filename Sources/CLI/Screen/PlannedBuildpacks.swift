import Console
import ElixirBuildpacks
import MixInspection

/// The built-in buildpacks in order, and what each would do for a project.
enum PlannedBuildpacks {
    /// The buildpacks; before the project is known whether they fit is open.
    static func list(for project: MixProject?) -> [ProjectInspection.PlannedBuildpack] {
        let purposes = [
            (BuildpackID.erlangRuntime, "offers the machine's Erlang to the build"),
            (BuildpackID.elixirRuntime, "offers the machine's Elixir to the build"),
            (BuildpackID.mixRelease, purpose(project)),
        ]
        return purposes.map { id, purpose in
            ProjectInspection.PlannedBuildpack(
                id: id, version: ProgramVersion.text, purpose: purpose, passes: project == nil ? nil : true)
        }
    }

    private static func purpose(_ project: MixProject?) -> String {
        guard let project else { return "makes the release" }
        let fetch = project.hasFetchedDependencies ? "fetches dependencies, " : ""
        let assets = project.assetsDeploy.isEmpty ? "" : "deploys assets, "
        return "\(fetch)compiles, \(assets)makes the release"
    }
}
