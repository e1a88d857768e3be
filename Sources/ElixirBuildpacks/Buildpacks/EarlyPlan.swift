import BuildpackAPI
import Diagnostics
import MixInspection

/// The plan of a project before there is a toolchain: mix.exs is only read, and what it computes stays open.
struct EarlyPlan {
    /// What the lifecycle gets to know of it.
    let buildPlan: BuildPlan

    /// Makes the plan.
    /// - Throws: `Failure` where what mix.exs says plainly cannot be built.
    init(
        _ context: DetectContext, requirements: (elixir: BuildPlan.Requirement, erlang: BuildPlan.Requirement)
    ) throws {
        var release = BuildPlan.Requirement("mix-release")
        let project = try MixInspector.staticLook(context.applicationDirectory)
        if project.unknowns.isEmpty {
            let named = BuildSetting.release.value(in: context.platformVariables)
            let chosen = try project.plan(requested: named, toolchain: nil)
            release.metadata["release"] = .string(chosen.name)
        }
        buildPlan = BuildPlan(
            provides: ["mix-release"], requires: [release, requirements.elixir, requirements.erlang])
    }
}
