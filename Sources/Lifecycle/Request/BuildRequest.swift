import BuildpackAPI
import Digests
import FoundationEssentials
import OCIImage
import SecretSearch
import SystemPackage

/// Everything that a build is asked for: the one value that the console, the flags and project.toml fill.
///
/// A field that differs from the last build's means that something changed; `hash(_:)` says how far `@Unkeyed` ones do.
package struct BuildRequest: Sendable, Hashable, Encodable {
    @Unkeyed package var image: Reference
    @Unkeyed package var project: FilePath
    /// The release to build; `nil` or nothing is the project's own choice.
    package var release: String?
    /// Who may connect to the running node; `nil` is the buildpack's own choice.
    package var distribution: String?
    /// What `DEBUG` says; any text but an empty one shows every command.
    @Unkeyed package var debug: String? = nil
    /// The variables of the build (`-e`) that are no field.
    @Unkeyed package var variables: [PlatformVariable] = []
    /// Secrets that only what fetches gets (`--fetch-secret`).
    @Unkeyed package var fetchSecrets: [PlatformVariable] = []
    /// The ids of the buildpacks of others that get the build's secrets; `*` is all.
    package var secretBuildpacks: [String] = []
    /// Secrets that the build does not get, and that must be in no layer and no output either: those of the container.
    @Unkeyed package var withheldSecrets: [PlatformVariable] = []
    /// Secrets in the user's own configuration that the build may use: in no layer and no output either.
    ///
    /// They are no part of what the image is made of, so that a renewed one builds nothing again.
    @Unkeyed var machineSecrets: [PlatformVariable] = []
    /// The builder whose buildpacks and root are used; `nil` is the built-in order, on this machine.
    @Unkeyed package var builder: ImagePlace? = nil
    /// Whether the built-in buildpacks are asked for, whatever builder the project and the user's settings name.
    @Unkeyed package var refusesBuilder = false
    /// The run image; `nil` is the one made from this machine.
    @Unkeyed package var runImage: ImagePlace? = nil
    /// The platforms that the image is for, in the order of the index; none is this machine's alone.
    @Unkeyed package var platforms: [Platform] = []
    /// The image that Erlang's native files for other platforms come from; `nil` is where this machine's come from.
    @Unkeyed package var toolchainImage: ImagePlace? = nil
    /// The image that layers are kept from; `nil` is the one that has the name now.
    @Unkeyed package var previousImage: ImagePlace? = nil
    /// The cache that is shared with other machines: read before the build and written after it.
    @Unkeyed package var cacheImage: ImagePlace? = nil
    /// Programs of the machine that the image has besides the release's own, by name.
    @Unkeyed package var runPrograms: [String] = []
    /// What an engine asks the running container to find out whether it works.
    package var healthCheck: HealthCheck? = nil
    /// The names by which the run image is pushed to registries: the first is told in the image's labels, the others as its
    /// mirrors.
    @Unkeyed package var publishedRunImages: [Reference] = []
    /// Labels of the image besides the lifecycle's and the buildpacks'.
    package var labels: [ImageNote] = []
    /// Annotations of the image's manifest.
    package var annotations: [ImageNote] = []
    /// When the image says that it was made.
    package var creationTime = CreationTime.fixed
    /// More names for the image.
    @Unkeyed package var tags: [Reference] = []
    /// Those with fields that are filled in before the build: `shop:{version}`.
    @Unkeyed package var tagTemplates: [NameTemplate] = []
    /// The places to write to besides the image store.
    @Unkeyed package var outputs: [ImagePlace] = []
    /// Whether to load the image into a container engine where one answers.
    @Unkeyed package var usesEngine = true
    /// Whether registries get a bill of materials and a statement of origin beside the image.
    @Unkeyed package var attests = false
    /// Whether to begin with an empty cache.
    @Unkeyed package var clearsCache = false
    /// Whether a secret that the project compiles in stops the build.
    package var forbidsSecrets = false
    /// Secrets that may be in the image.
    @Unkeyed package var allowedSecrets: Set<String> = []
    /// Whether the finished application is started once before the image gets its name.
    @Unkeyed package var startTrial = StartTrial.no
    /// Which of the project's files take part.
    @Unkeyed package var selection = SourceSelection()
    /// The buildpacks to use, in order; none is the built-in order.
    @Unkeyed package var buildpacks: [BuildpackChoice] = []
    /// Buildpacks put in front of every group.
    @Unkeyed package var firstBuildpacks: [BuildpackChoice] = []
    /// Buildpacks put behind every group.
    @Unkeyed package var lastBuildpacks: [BuildpackChoice] = []
    /// Folders of the machine that external buildpacks see.
    @Unkeyed package var volumes: [Volume] = []
    /// The type of the process that the image starts; `nil` is the buildpacks' own choice.
    package var defaultProcess: String? = nil
    /// Whether no step of the build has the network (`--network none`).
    @Unkeyed package var forbidsNetwork = false
    /// What the image is for (`CNB_EXEC_ENV`).
    package var executionEnvironment = "production"
    /// What project.toml says of the source: type, version, metadata, as JSON; `nil` says nothing.
    package var sourceMetadata: String?

    /// Whether the build fetches or removes something before it looks at the project.
    var actsBeforeAnalysis: Bool {
        clearsCache || builder != nil || cacheImage != nil
            || !(buildpacks + firstBuildpacks + lastBuildpacks).isEmpty
    }

    /// Whether a buildpack of others, which builds with the network, gets the build's secrets too.
    func givesSecrets(to id: String) -> Bool { !Set(secretBuildpacks).isDisjoint(with: [id, "*"]) }

    /// Creates a request with the defaults of `mixpack build`.
    package init(image: Reference, project: FilePath) {
        self.image = image
        self.project = project
    }
}

/// A variable given to the build.
package struct PlatformVariable: Sendable, Hashable {
    package var name: String
    private var storage: SecretBuffer
    /// Whether the value must never be shown.
    package var isSecret: Bool

    /// Creates a variable; without `isSecret` its name decides (`isSecretName`).
    package init(name: String, value: String, isSecret: Bool? = nil) {
        self.name = name
        storage = SecretBuffer(value)
        self.isSecret = isSecret ?? Self.isSecretName(name)
    }

    /// The value; kept in memory that is overwritten when the variable goes.
    package var value: String {
        get { storage.withValue { $0 } }
        set { storage = SecretBuffer(newValue) }
    }

    /// Whether a variable of this name holds a secret.
    package static func isSecretName(_ name: String) -> Bool {
        SecretName.isSecret(name)
    }
}

/// A field that is not encoded into a build's key: it does not change the image, or the key has it in another form.
@propertyWrapper
package struct Unkeyed<Value: Sendable & Hashable>: Sendable, Hashable, Encodable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// Keeps the value out: it may be a secret.
    package func encode(to encoder: any Encoder) throws { try String?.none.encode(to: encoder) }
}

extension BuildRequest {
    /// What of the request the image is made of, as one hash.
    ///
    /// Every field counts that is not `@Unkeyed`. Of those that are, this has some in another form; the key itself has the
    /// digest of the source, that of the run image, and the buildpacks.
    func hash(_ keyed: KeyedHash) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let parts: [any Encodable] =
            [
                self, image.repository, Self.values(variables), secretNames.sorted(), Self.values(withheldSecrets),
                allowedSecrets.sorted(), publishedRunImages.map(\.description), selection.context?.path ?? "",
            ] + (platforms.isEmpty ? [] : [platforms.map(\.description), toolchainImage?.description])
        let texts = try parts.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return keyed.hex(of: texts.joined(separator: "\n"))
    }
}
