public import BuildpackAPI
public import OCIImage

/// An image opened up, or what there is of one after a failed build: the Image screen's content.
public struct ImageContents: Sendable, Hashable {
    /// One layer.
    public struct Layer: Sendable, Hashable {
        /// Where its files can be looked at.
        public enum Source: Sendable, Hashable {
            /// A layer of the image, counted from 0 at the bottom.
            case image(index: Int)
            /// A folder on the machine: a build-only or cached layer, or one of a build that failed.
            case folder(String)
        }

        /// The buildpack that made it; `nil` for the run image's and the lifecycle's own.
        public var buildpack: String?
        /// Its name, for example `release`, `launcher`, `run image 1`.
        public var name: String
        /// What it is for; empty for the run image's.
        public var types: LayerTypes
        /// Its size in bytes.
        public var size: Int64
        /// How many files it has, where that is known.
        public var files: Int?
        /// The digest of the uncompressed tar, where it is in the image.
        public var diffID: Digest?
        /// The digest of the blob, where it is in the image.
        public var digest: Digest?
        /// Whether it was already in the image before; `nil` where that is not known.
        public var isReused: Bool?
        /// Why it is there, or was made anew or kept.
        public var reason: String?
        /// Whether it belongs to the run image.
        public var isBase: Bool
        /// Where its files can be looked at; `nil` where they cannot.
        public var source: Source?

        /// Creates a layer; by default with nothing known but name and size.
        public init(
            buildpack: String?, name: String, types: LayerTypes = [], size: Int64, files: Int? = nil,
            diffID: Digest? = nil, digest: Digest? = nil, isReused: Bool? = nil, reason: String? = nil,
            isBase: Bool = false, source: Source? = nil
        ) {
            self.buildpack = buildpack
            self.name = name
            self.types = types
            self.size = size
            self.files = files
            self.diffID = diffID
            self.digest = digest
            self.isReused = isReused
            self.reason = reason
            self.isBase = isBase
            self.source = source
        }
    }

    /// What the image is called.
    public var name: String
    /// The digest of its manifest; `nil` where there is no image.
    public var manifestDigest: Digest?
    /// The image ID: the digest of its configuration.
    public var imageID: Digest?
    /// The layers from the bottom up, then build-only and cached ones.
    public var layers: [Layer]
    /// The process types.
    public var processes: [ProcessType]
    /// The configuration in lines of a name and a value: user, entrypoint, environment, ports.
    public var configuration: [Field]
    /// The labels, sorted by name.
    public var labels: [Field]
    /// The places where the image stands.
    public var places: [String]
    /// The variables that a container needs.
    public var requiredVariables: [String]
    /// The ports that it exposes.
    public var ports: [Int]
    /// The program that opens a shell on the running node, inside the image; `nil` where it is not known.
    public var releaseProgram: String?

    /// A name and a value.
    public struct Field: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// Creates a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Creates contents; by default with nothing in them.
    public init(
        name: String, manifestDigest: Digest? = nil, imageID: Digest? = nil, layers: [Layer] = [],
        processes: [ProcessType] = [], configuration: [Field] = [], labels: [Field] = [], places: [String] = [],
        requiredVariables: [String] = [], ports: [Int] = [], releaseProgram: String? = nil
    ) {
        self.name = name
        self.manifestDigest = manifestDigest
        self.imageID = imageID
        self.layers = layers
        self.processes = processes
        self.configuration = configuration
        self.labels = labels
        self.places = places
        self.requiredVariables = requiredVariables
        self.ports = ports
        self.releaseProgram = releaseProgram
    }
}
