public import BuildpackAPI
public import OCIImage
import SecretSearch
public import SystemPackage

/// Everything that a build is asked for: the one value that the console, the flags and project.toml fill.
///
/// A field that differs from the last build's means that something changed; `hash(_:)` says how far `@Unkeyed` ones do.
public struct BuildRequest: Sendable, Hashable, Encodable {
    /// The image's name.
    @Unkeyed public var image: Reference
    /// The project's folder.
    @Unkeyed public var project: FilePath
    /// The release to build; `nil` or nothing is the project's own choice.
    public var release: String?
    /// Who may connect to the running node; `nil` is the buildpack's own choice.
    public var distribution: String?
    /// What `DEBUG` says; any text but an empty one shows every command.
    @Unkeyed public var debug: String? = nil
    /// The variables of the build (`-e`) that are no field.
    @Unkeyed public var variables: [PlatformVariable] = []
    /// Secrets that the build does not get, and that must be in no layer and no output either: those of the container.
    @Unkeyed public var withheldSecrets: [PlatformVariable] = []
    /// The run image; `nil` is the one made from this machine.
    @Unkeyed public var runImage: ImagePlace? = nil
    /// More names for the image.
    @Unkeyed public var tags: [Reference] = []
    /// The places to write to besides the image store.
    @Unkeyed public var outputs: [ImagePlace] = []
    /// Whether to load the image into a container engine where one answers.
    @Unkeyed public var usesEngine = true
    /// Whether to begin with an empty cache.
    @Unkeyed public var clearsCache = false
    /// Whether a secret that the project compiles in stops the build.
    public var forbidsSecrets = false
    /// Secrets that may be in the image.
    @Unkeyed public var allowedSecrets: Set<String> = []
    /// Whether the finished application is started once, with made-up values, before the image gets its name.
    ///
    /// Where it does not start, the build fails.
    @Unkeyed public var triesStart = false
    /// Which of the project's files take part.
    @Unkeyed public var selection = SourceSelection()
    /// The buildpacks to use, in order; none is the built-in order.
    @Unkeyed public var buildpacks: [BuildpackChoice] = []
    /// Buildpacks put in front of every group.
    @Unkeyed public var firstBuildpacks: [BuildpackChoice] = []
    /// Buildpacks put behind every group.
    @Unkeyed public var lastBuildpacks: [BuildpackChoice] = []
    /// Folders of the machine that external buildpacks see.
    @Unkeyed public var volumes: [Volume] = []
    /// What the image is for (`CNB_EXEC_ENV`).
    public var executionEnvironment = "production"
    /// What project.toml says of the source: type, version, metadata, as JSON; `nil` says nothing.
    public var sourceMetadata: String?

    /// Creates a request with the defaults of `mixpack build`.
    public init(image: Reference, project: FilePath) {
        self.image = image
        self.project = project
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
