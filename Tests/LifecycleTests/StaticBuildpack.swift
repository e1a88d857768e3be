import BuildpackAPI
import Diagnostics
import SystemPackage

/// A buildpack that detects and builds just what a test tells it to.
struct StaticBuildpack: Buildpack {
    var descriptor: BuildpackDescriptor
    var result: DetectResult = .pass(BuildPlan())
    var make: @Sendable (BuildContext) async throws -> BuildResult = { _ in BuildResult() }
    var explanation: @Sendable (TrialFailure) -> Diagnostic? = { _ in nil }
    var knownDependencies: [String: String]? = [:]
    var ownSecrets: [String: String] = [:]
    var toolchain: [FilePath] = []

    init(_ id: String, version: String = "v1", order: [[BuildpackReference]] = []) {
        descriptor = BuildpackDescriptor(id: id, version: version, api: "0.12", name: id, order: order)
    }

    func detect(_ context: DetectContext) async throws -> DetectResult { result }
    func build(_ context: BuildContext) async throws -> BuildResult { try await make(context) }
    func dependencies(_ context: DetectContext) -> [String: String]? { knownDependencies }
    func machineSecrets(_ environment: [String: String]) -> [String: String] { ownSecrets }
    func commonFolders(_ context: DetectContext) -> [FilePath] { toolchain }
    func explain(_ failure: TrialFailure) -> Diagnostic? { explanation(failure) }
}
