public import BuildpackAPI
public import OCIImage
import SecretSearch
public import SystemPackage

/// Everything that a build is asked for: the one value that the console, the flags and project.toml fill.
public struct BuildRequest: Sendable, Hashable {
    /// The image's name.
    public var image: Reference
    /// The project's folder.
    public var project: FilePath
    /// The release to build; `nil` or nothing is the project's own choice.
    public var release: String?
    /// Who may connect to the running node; `nil` is the buildpack's own choice.
    public var distribution: String?
    /// What `DEBUG` says; any text but an empty one shows every command.
    public var debug: String?
    /// The variables of the build (`-e`) that are no field.
    public var variables: [PlatformVariable]
    /// Secrets that the build does not get, and that must be in no layer and no output either: those of the container.
    public var withheldSecrets: [PlatformVariable]
    /// The run image; `nil` is the one made from this machine.
    public var runImage: ImagePlace?
    /// More names for the image.
    public var tags: [Reference]
    /// The places to write to besides the image store.
    public var outputs: [ImagePlace]
    /// Whether to load the image into a container engine where one answers.
    public var usesEngine: Bool
    /// Whether to begin with an empty cache.
    public var clearsCache: Bool
    /// Whether a secret that the project compiles in stops the build.
    public var forbidsSecrets: Bool
    /// Secrets that may be in the image.
    public var allowedSecrets: Set<String>
    /// Whether the finished application is started once, with made-up values, before the image gets its name.
    ///
    /// Where it does not start, the build fails.
    public var triesStart: Bool
    /// Which of the project's files take part.
    public var selection: SourceSelection
    /// The buildpacks to use, in order; none is the built-in order.
    public var buildpacks: [BuildpackChoice]
    /// Buildpacks put in front of every group.
    public var firstBuildpacks: [BuildpackChoice]
    /// Buildpacks put behind every group.
    public var lastBuildpacks: [BuildpackChoice]
    /// Folders of the machine that external buildpacks see.
    public var volumes: [Volume]
    /// What the image is for (`CNB_EXEC_ENV`).
    public var executionEnvironment: String
    /// What project.toml says of the source: type, version, metadata, as JSON; `nil` says nothing.
    public var sourceMetadata: String?

    /// Creates a request with the defaults of `mixpack build`.
    public init(image: Reference, project: FilePath) {
        self.image = image
        self.project = project
        variables = []
        withheldSecrets = []
        runImage = nil
        tags = []
        outputs = []
        usesEngine = true
        clearsCache = false
        forbidsSecrets = false
        allowedSecrets = []
        triesStart = false
        selection = SourceSelection()
        buildpacks = []
        firstBuildpacks = []
        lastBuildpacks = []
        volumes = []
        executionEnvironment = "production"
    }
}

/// A variable given to the build.
public struct PlatformVariable: Sendable, Hashable {
    /// The name.
    public var name: String
    private var storage: SecretBuffer
    /// Whether the value must never be shown.
    public var isSecret: Bool

    /// Creates a variable; without `isSecret` its name decides (`isSecretName`).
    public init(name: String, value: String, isSecret: Bool? = nil) {
        self.name = name
        storage = SecretBuffer(value)
        self.isSecret = isSecret ?? Self.isSecretName(name)
    }

    /// The value; kept in memory that is overwritten when the variable goes.
    public var value: String {
        get { storage.withValue { $0 } }
        set { storage = SecretBuffer(newValue) }
    }

    /// Whether a variable of this name holds a secret.
    public static func isSecretName(_ name: String) -> Bool {
        SecretName.isSecret(name)
    }
}
