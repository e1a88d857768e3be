import BuildpackAPI
import SystemPackage

/// The folders that a platform gives to a lifecycle that runs in the build's own container.
///
/// The container is the sandbox: buildpacks run as they are, at these paths, and nothing is copied.
package struct GivenFolders: Sendable, Hashable {
    /// The application, which buildpacks work in.
    package var application: FilePath
    package var layers: FilePath
    /// Where layers are kept for the next build; `nil` keeps none.
    package var cache: FilePath?
    /// The platform's folder, with `env`.
    package var platform: FilePath
    /// The operator's folder, with `env`; `nil` before Platform API 0.11.
    package var buildConfiguration: FilePath?
    /// The user's home.
    package var home: FilePath
    /// For what only this build needs.
    package var scratch: FilePath

    package init(
        application: FilePath, layers: FilePath, cache: FilePath?, platform: FilePath, buildConfiguration: FilePath?,
        home: FilePath, scratch: FilePath
    ) {
        self.application = application
        self.layers = layers
        self.cache = cache
        self.platform = platform
        self.buildConfiguration = buildConfiguration
        self.home = home
        self.scratch = scratch
    }

    /// What the operator sets for all buildpacks: a file without a suffix is a default
    /// ([CNB Platform specification, Operator-Defined Variables](https://github.com/buildpacks/spec/blob/main/platform.md#operator-defined-variables)).
    func operatorRules() throws -> [EnvironmentRule] {
        guard let folder = buildConfiguration?.appending("env") else { return [] }
        return try EnvironmentFolder(
            path: folder, api: APIVersion.supported.upperBound, root: folder, plainAction: .default
        ).rules(scope: .build)
    }
}
