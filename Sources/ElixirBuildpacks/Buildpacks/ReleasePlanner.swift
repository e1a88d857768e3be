import BuildpackAPI
import Commands
import Diagnostics
import MixInspection
import SystemPackage

/// Makes plans for a project: from a look at mix.exs where that says all, or from its evaluation.
struct ReleasePlanner: Sendable {
    let toolchain: Toolchain
    let folder: FilePath
    let variables: [String: String]
    let secretNames: Set<String>
    let environment: [String: String]
    let selection: SourceSelection
    let runner: any CommandRunner
    let places: InspectionPlaces
    let confinement: Confinement

    private var requested: String? { BuildSetting.release.value(in: variables) }

    /// The plan that mix.exs gives when it is only read; `nil` where its evaluation could lead to other commands.
    ///
    /// A VM that evaluates takes as long as half a small build. With this plan it runs beside the compilation.
    func quick() -> ReleasePlan? {
        guard
            variables.keys.allSatisfy({ BuildSetting(rawValue: $0) != nil }),
            let project = try? MixInspector.staticLook(folder), project.unknowns.isEmpty,
            !project.hasFetchedDependencies, project.assetsDeploy.isEmpty
        else { return nil }
        return try? ReleasePlan(project, toolchain: toolchain, requested: requested)
    }

    /// The plan after mix.exs was evaluated; the evaluation is kept for as long as what it rests on stays.
    /// - Throws: `Failure` when the project cannot be planned, `CancellationError`.
    func evaluated() async throws -> ReleasePlan {
        let inspector = MixInspector(
            toolchain: toolchain, runner: runner, cacheDirectory: places.answers, helperDirectory: places.helpers,
            environment: environment, variables: variables.filter { !secretNames.contains($0.key) },
            secrets: variables.filter { secretNames.contains($0.key) }, confinement: confinement,
            openedPaths: selection.openedPaths)
        return try ReleasePlan(try await inspector.inspect(folder), toolchain: toolchain, requested: requested)
    }
}
