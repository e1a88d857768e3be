import Diagnostics
import SystemPackage

/// A buildpack: it says whether it fits the application, and contributes layers to its image.
///
/// Buildpacks that live in mixpack's process and folders with `bin/detect` and `bin/build` are the same to the
/// lifecycle. Mirrors the Buildpack interface of the CNB specification.
package protocol Buildpack: Sendable {
    var descriptor: BuildpackDescriptor { get }

    /// Looks at the application without changing anything.
    /// - Throws: `Failure` when it cannot tell (a failure that is not simply "does not fit").
    func detect(_ context: DetectContext) async throws -> DetectResult

    /// Contributes layers, processes and labels.
    /// - Throws: `Failure` when the build fails.
    func build(_ context: BuildContext) async throws -> BuildResult

    /// What its result depends on besides the application's files and the user's variables: toolchain, tools, versions.
    ///
    /// Equal dependencies, files and variables mean an equal image, so that nothing needs to be run. `nil` says that the
    /// buildpack cannot tell: it always runs. Must be cheap: a few file reads, or a program that answers in milliseconds.
    func dependencies(_ context: DetectContext) async throws -> [String: String]?

    /// Secrets of the machine that its build may use, each by where it is; the lifecycle masks them, and searches for them.
    ///
    /// Must be cheap: it is asked before the build says anything.
    func machineSecrets(_ environment: [String: String]) -> [String: String]

    /// Folders of the machine whose files may go into its layers, such as a toolchain: a value that is in them is no secret.
    ///
    /// Must be cheap: it is asked before the build begins.
    func commonFolders(_ context: DetectContext) -> [FilePath]

    /// Why one of its trials did not go well; `nil` where it cannot tell.
    func explain(_ failure: TrialFailure) -> Diagnostic?

    /// Whether it keeps to the specification's contract of files, as folders with `bin/detect` and `bin/build` do.
    ///
    /// Such a buildpack works in a copy of the application that goes into the image, sees none of the machine's own
    /// variables but the specified ones, keeps its layers' rules for variables in files, and gets back from the build
    /// before only what its layers' types say. Its layers keep the modes that it gave their files.
    var isExternal: Bool { get }
}

extension Buildpack {
    /// By default a buildpack lives in mixpack's process.
    package var isExternal: Bool { false }

    /// By default a buildpack cannot tell what it depends on.
    package func dependencies(_ context: DetectContext) async throws -> [String: String]? { nil }

    /// By default a buildpack uses no secrets of the machine.
    package func machineSecrets(_ environment: [String: String]) -> [String: String] { [:] }

    /// By default nothing of the machine goes into layers.
    package func commonFolders(_ context: DetectContext) -> [FilePath] { [] }

    /// By default a buildpack cannot explain a failure.
    package func explain(_ failure: TrialFailure) -> Diagnostic? { nil }
}

/// Who a buildpack is: the `[buildpack]` table of buildpack.toml.
package struct BuildpackDescriptor: Sendable, Hashable, Codable {
    /// The id, for example `io.github.carlo-colombo.mix-release`.
    package var id: String
    package var version: String
    /// The Buildpack API that it follows.
    package var api: String
    package var name: String
    package var homepage: String?
    /// The child buildpacks, tried group by group, of a composite; empty for a component.
    package var order: [[BuildpackReference]]

    package init(
        id: String, version: String, api: String, name: String, homepage: String? = nil,
        order: [[BuildpackReference]] = []
    ) {
        self.id = id
        self.version = version
        self.api = api
        self.name = name
        self.homepage = homepage
        self.order = order
    }
}

/// A buildpack named in an order group.
package struct BuildpackReference: Sendable, Hashable, Codable {
    package var id: String
    /// The version; `nil` takes the one there is.
    package var version: String?
    /// Whether the group passes without it.
    package var isOptional: Bool
    /// The execution environments in which it takes part; `nil` or empty is all of them.
    package var executionEnvironments: [String]?

    package init(
        id: String, version: String? = nil, isOptional: Bool = false, executionEnvironments: [String]? = nil
    ) {
        self.id = id
        self.version = version
        self.isOptional = isOptional
        self.executionEnvironments = executionEnvironments.flatMap { $0.isEmpty ? nil : $0 }
    }
}

package enum DetectResult: Sendable, Hashable {
    /// It fits, with this plan.
    case pass(BuildPlan)
    /// It does not fit, for this reason.
    case fail(reason: String)
}
