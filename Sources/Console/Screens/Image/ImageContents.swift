import BuildpackAPI
import Lifecycle
import OCIImage

/// An image opened up, or what there is of one after a failed build: the Image screen's content.
package struct ImageContents: Sendable, Hashable {
    /// One layer: what the build says of it, and where it is.
    @dynamicMemberLookup
    package struct Layer: Sendable, Hashable {
        /// Where its files can be looked at.
        package enum Source: Sendable, Hashable {
            /// A layer of the image, counted from 0 at the bottom.
            case image(index: Int)
            /// A folder on the machine: a build-only or cached layer, or one of a build that failed.
            case folder(String)
        }

        /// Its name, types, size and digest of the tar, as in the build's events.
        package var summary: LayerSummary
        /// The digest of the blob, if the layer is in the image.
        package var digest: Digest?
        /// Whether the previous image has it too; `nil` if that is not known.
        package var isReused: Bool?
        /// Whether it belongs to the run image.
        package var isBase: Bool
        /// Where its files can be looked at; `nil` if they cannot.
        package var source: Source?

        package init(
            _ summary: LayerSummary, digest: Digest? = nil, isReused: Bool? = nil, isBase: Bool = false,
            source: Source? = nil
        ) {
            self.summary = summary
            self.digest = digest
            self.isReused = isReused
            self.isBase = isBase
            self.source = source
        }

        package subscript<Value>(dynamicMember path: KeyPath<LayerSummary, Value>) -> Value { summary[keyPath: path] }
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
