/// What the user chose for a project: there again at the next start.
///
/// Secrets are never among it.
public struct Choices: Sendable, Hashable, Codable {
    /// The image's name.
    public var image: String?
    /// The release.
    public var release: String?
    /// The run image; `nil` is the one made from this machine.
    public var runImage: String?
    /// More names for the image.
    public var tags: [String]
    /// The places to write to besides the image store.
    public var outputs: [String]
    /// Whether to load the image into a container engine where one answers.
    public var usesEngine: Bool
    /// Variables of the build that are not secret, by name.
    public var buildVariables: [String: String]
    /// Variables of the container that are not secret, by name.
    public var runVariables: [String: String]
    /// The command that prints a secret, by the variable's name.
    public var secretCommands: [String: String]

    /// Creates choices; by default nothing is chosen and the engine is used.
    public init(
        image: String? = nil, release: String? = nil, runImage: String? = nil, tags: [String] = [],
        outputs: [String] = [], usesEngine: Bool = true, buildVariables: [String: String] = [:],
        runVariables: [String: String] = [:], secretCommands: [String: String] = [:]
    ) {
        self.image = image
        self.release = release
        self.runImage = runImage
        self.tags = tags
        self.outputs = outputs
        self.usesEngine = usesEngine
        self.buildVariables = buildVariables
        self.runVariables = runVariables
        self.secretCommands = secretCommands
    }
}
