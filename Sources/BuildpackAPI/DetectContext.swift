import SystemPackage

/// What a buildpack sees while it detects.
package struct DetectContext: Sendable {
    /// The application's folder; read-only.
    package var applicationDirectory: FilePath
    /// The variables that the user gave (`-e`), by name.
    package var platformVariables: [String: String]
    /// The names among `platformVariables` whose values are secrets.
    package var secretNames: Set<String>
    /// The environment that commands start from: the scrubbed one of the machine.
    package var environment: [String: String]
    /// A folder of the project's cache in which the buildpack may keep what it worked out; survives builds.
    package var cacheDirectory: FilePath
    /// Which of the application's files take part.
    package var selection: SourceSelection
    package var target: BuildTarget
    /// What the image is for: `production`, `test` (`CNB_EXEC_ENV`).
    package var executionEnvironment: String
    /// Folders of the machine that external buildpacks see.
    package var volumes: [Volume]
    /// What was worked out before in this build.
    package var memory: BuildMemory
    package var reporter: BuildpackReporter

    package init(
        applicationDirectory: FilePath, platformVariables: [String: String], secretNames: Set<String> = [],
        environment: [String: String], cacheDirectory: FilePath, selection: SourceSelection = SourceSelection(),
        target: BuildTarget = .current,
        executionEnvironment: String = "production", volumes: [Volume] = [], memory: BuildMemory = BuildMemory(),
        reporter: BuildpackReporter
    ) {
        self.applicationDirectory = applicationDirectory
        self.platformVariables = platformVariables
        self.secretNames = secretNames
        self.environment = environment
        self.cacheDirectory = cacheDirectory
        self.selection = selection
        self.target = target
        self.executionEnvironment = executionEnvironment
        self.volumes = volumes
        self.memory = memory
        self.reporter = reporter
    }
}
