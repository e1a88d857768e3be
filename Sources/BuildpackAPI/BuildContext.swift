import SystemPackage

/// What a buildpack sees while it builds.
package struct BuildContext: Sendable {
    /// The application's folder on the machine; read-only.
    package var applicationDirectory: FilePath
    /// The buildpack's own layers folder on the machine, `/layers/<id>` of the specification.
    package var layersDirectory: FilePath
    /// A folder in memory for launch layers, which live as long as the build; without one they go to the layers folder.
    package var launchMemory: FilePath?
    /// The variables that the user gave (`-e`), by name.
    package var platformVariables: [String: String]
    /// The names among `platformVariables` whose values are secrets.
    package var secretNames: Set<String>
    /// Secrets that only the steps that fetch get (`--fetch-secret`), by name.
    package var fetchSecrets: [String: String]
    /// The environment so far: the scrubbed one of the machine and what earlier buildpacks contributed.
    package var environment: [String: String]
    /// The plan's entries that this buildpack is to provide.
    package var plan: [BuildPlan.Requirement]
    /// A folder of the project's cache in which the buildpack may keep what it worked out; survives builds.
    package var cacheDirectory: FilePath
    /// Whether nothing that earlier builds compiled may be used, of this project or of others (`--clear-cache`).
    package var startsOver: Bool
    /// Which of the application's files take part.
    package var selection: SourceSelection
    package var target: BuildTarget
    /// What the image is for: `production`, `test` (`CNB_EXEC_ENV`).
    package var executionEnvironment: String
    /// Folders of the machine that external buildpacks see.
    package var volumes: [Volume]
    /// Whether a text holds the value of a secret in any form, so that it must be in no record.
    package var holdsSecret: @Sendable (String) -> Bool
    /// What was worked out before in this build.
    package var memory: BuildMemory
    package var reporter: BuildpackReporter

    package init(
        applicationDirectory: FilePath, layersDirectory: FilePath, launchMemory: FilePath? = nil,
        platformVariables: [String: String],
        secretNames: Set<String>, fetchSecrets: [String: String] = [:], environment: [String: String],
        plan: [BuildPlan.Requirement],
        cacheDirectory: FilePath, startsOver: Bool = false, selection: SourceSelection = SourceSelection(),
        target: BuildTarget = .current,
        executionEnvironment: String = "production", volumes: [Volume] = [],
        holdsSecret: @escaping @Sendable (String) -> Bool = { _ in false }, memory: BuildMemory = BuildMemory(),
        reporter: BuildpackReporter
    ) {
        self.applicationDirectory = applicationDirectory
        self.layersDirectory = layersDirectory
        self.launchMemory = launchMemory
        self.platformVariables = platformVariables
        self.secretNames = secretNames
        self.fetchSecrets = fetchSecrets
        self.environment = environment
        self.plan = plan
        self.cacheDirectory = cacheDirectory
        self.startsOver = startsOver
        self.selection = selection
        self.target = target
        self.executionEnvironment = executionEnvironment
        self.volumes = volumes
        self.holdsSecret = holdsSecret
        self.memory = memory
        self.reporter = reporter
    }
}
