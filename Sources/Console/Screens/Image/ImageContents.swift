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
        ///
        /// The size is the blob's until the layers were read.
        package var summary: LayerSummary
        /// The size of the blob, if the layer is in the image.
        package var blobSize: Int64?
        /// Whether the size is that of the files.
        package var isMeasured: Bool
        /// What made it, as the image's history has it.
        package var createdBy: String?
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
            source: Source? = nil, blobSize: Int64? = nil, isMeasured: Bool = false, createdBy: String? = nil
        ) {
            self.summary = summary
            self.blobSize = blobSize
            self.isMeasured = isMeasured
            self.createdBy = createdBy
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

    /// What a builder says of itself, in lines as `mixpack builder inspect` prints them; empty for other images.
    package var builder: [String] = []

    /// The images of all platforms that the name has; empty for one image alone.
    package var platforms: [PlatformImage] = []

    /// One of several images under a name.
    package struct PlatformImage: Sendable, Hashable {
        package var platform: Platform
        /// What opens it.
        package var place: String
        package var digest: Digest

        package init(_ platform: Platform, place: String, digest: Digest) {
            self.platform = platform
            self.place = place
            self.digest = digest
        }
    }

    /// Which of its platforms this is; `nil` where there is one image alone.
    var platform: PlatformImage? { platforms.first { $0.digest == manifestDigest } }
    /// The images of the other platforms, those behind it first.
    var otherPlatforms: [PlatformImage] {
        guard let index = platforms.firstIndex(where: { $0.digest == manifestDigest }) else { return platforms }
        return Array(platforms[(index + 1)...] + platforms[..<index])
    }
    /// What the image is called, with its platform where the name has several.
    package var title: String { platform.map { "\(name.prefix { $0 != "@" })  \($0.platform)" } ?? name }

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

extension ImageContents {
    /// The contents with the sizes that were read from the layers.
    package func measured(by efficiency: ImageEfficiency) -> ImageContents {
        var result = self
        for index in layers.indices {
            guard case .image(let number)? = layers[index].source, efficiency.layers.indices.contains(number) else {
                continue
            }
            result.layers[index].summary.size = efficiency.layers[number].bytes
            result.layers[index].summary.files = efficiency.layers[number].files
            result.layers[index].isMeasured = true
        }
        return result
    }

    /// The contents with what is known by comparing them with another image: which layers it has too.
    func compared(with other: ImageContents) -> ImageContents {
        let known = Set(other.layers.compactMap(\.diffID))
        guard !known.isEmpty else { return self }
        var result = self
        for index in layers.indices where !isOutside(layers[index]) {
            guard let diffID = layers[index].diffID else { continue }
            let isSame = known.contains(diffID)
            result.layers[index].isReused = isSame
            guard layers[index].reason == nil else { continue }
            result.layers[index].summary.reason =
                isSame ? "same content as in the previous image" : "differs from the previous image"
        }
        return result
    }

    /// What the layers are called, in their order: no two alike.
    package var layerNames: [String] { ShortNames.layers(layers.map(\.summary)) }

    /// What one of the layers is called.
    func name(of layer: Layer) -> String {
        layers.firstIndex(of: layer).map { layerNames[$0] } ?? layer.name
    }

    /// The bytes of the files in all layers of the image.
    var size: Int64 { layers.filter { !isOutside($0) }.reduce(0) { $0 + $1.size } }

    /// The layer to look at first: the largest of those that changed, or the lowest if none did.
    var firstChoice: Int {
        let changed = layers.indices.filter { layers[$0].isReused == false }
        return changed.max { layers[$0].size < layers[$1].size } ?? 0
    }
}
