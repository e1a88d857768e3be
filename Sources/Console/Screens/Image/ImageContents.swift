import BuildpackAPI
import OCIImage

/// An image opened up, or what there is of one after a failed build: the Image screen's content.
package struct ImageContents: Sendable, Hashable {
    /// One layer.
    package struct Layer: Sendable, Hashable {
        /// Where its files can be looked at.
        package enum Source: Sendable, Hashable {
            /// A layer of the image, counted from 0 at the bottom.
            case image(index: Int)
            /// A folder on the machine: a build-only or cached layer, or one of a build that failed.
            case folder(String)
        }

        /// The buildpack that made it; `nil` for the run image's and the lifecycle's own.
        package var buildpack: String?
        /// Its name, for example `release`, `launcher`, `run image 1`.
        package var name: String
        /// What it is for; empty for the run image's.
        package var types: LayerTypes
        /// Its size in bytes.
        package var size: Int64
        /// How many files it has, where that is known.
        package var files: Int?
        /// The digest of the uncompressed tar, where it is in the image.
        package var diffID: Digest?
        /// The digest of the blob, where it is in the image.
        package var digest: Digest?
        /// Whether it was already in the image before; `nil` where that is not known.
        package var isReused: Bool?
        /// Why it is there, or was made anew or kept.
        package var reason: String?
        /// Whether it belongs to the run image.
        package var isBase: Bool
        /// Where its files can be looked at; `nil` where they cannot.
        package var source: Source?

        /// Creates a layer; by default with nothing known but name and size.
        package init(
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
    package var name: String
    /// The digest of its manifest; `nil` where there is no image.
    package var manifestDigest: Digest?
    /// The image ID: the digest of its configuration.
    package var imageID: Digest?
    /// The layers from the bottom up, then build-only and cached ones.
    package var layers: [Layer]
    /// The process types.
    package var processes: [ProcessType]
    /// The configuration in lines of a name and a value: user, entrypoint, environment, ports.
    package var configuration: [Field]
    /// The labels, sorted by name.
    package var labels: [Field]
    /// The places where the image stands.
    package var places: [String]
    /// The variables that a container needs.
    package var requiredVariables: [String]
    /// The ports that it exposes.
    package var ports: [Int]
    /// The program that opens a shell on the running node, inside the image; `nil` where it is not known.
    package var releaseProgram: String?

    /// A name and a value.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Creates contents; by default with nothing in them.
    package init(
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
