import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage
import Text

/// What the Image screen asks of the world; an image is named by the name or place that it was opened by.
package struct ImageClient: Sendable {
    /// Opens an image by a place or a name of the image store.
    package var open: @Sendable (_ place: String) async throws -> ImageContents = { throw noImage($0) }
    /// The files of a layer, or with `isMerged` of all layers up to it; also of a folder.
    package var files:
        @Sendable (_ image: String, _ source: ImageContents.Layer.Source, _ isMerged: Bool) async throws -> FileTree = {
            image, _, _ in throw noImage(image)
        }
    /// Another image to compare an image with: its layers with their sizes.
    package var other: @Sendable (_ image: String, Comparand) async throws -> EarlierImage = { image, _ in
        throw noEarlierImage(image)
    }
    /// The files of an image and of another one, marked where they differ.
    package var comparison: @Sendable (_ image: String, Comparand) async throws -> ImageComparison = { image, _ in
        throw noEarlierImage(image)
    }
    /// The images of the store that an image can be compared with, in words.
    package var comparable: @Sendable (_ image: String) async throws -> [ComparableImage] = { _ in [] }
    /// The Erlang and Elixir applications that an image holds.
    package var packages: @Sendable (_ image: String) async throws -> [ImagePackage] = { throw noImage($0) }
    /// A file's bytes, at most so many.
    package var content: @Sendable (FileLocation, _ limit: Int) async throws -> [UInt8] = { location, _ in
        throw Failure(.refused, "cannot read \(location.path)")
    }
    /// Writes a file or folder of a layer to a new path, never over another, and returns the path.
    package var extract: @Sendable (FileLocation, _ path: FilePath) async throws -> FilePath = { location, _ in
        throw Failure(.refused, "cannot extract \(location.path)")
    }
    /// What an image's layers hold, and the previous image, both read from the layers.
    package var measure: @Sendable (_ image: String) async throws -> ImageMeasure = { throw noImage($0) }
    /// How the image of a project grew over its last builds.
    package var growth: @Sendable (_ project: FilePath, _ image: String) async throws -> SizeGrowth = { _, image in
        throw noImage(image)
    }
    /// Where the bytes of an image are, marked against another image.
    package var sizes: @Sendable (_ image: String, Comparand?) async throws -> SizeTree = { image, _ in
        throw noImage(image)
    }
    /// The files of an image that have the same content.
    package var duplicates: @Sendable (_ image: String) async throws -> [DuplicateContent] = { throw noImage($0) }
    /// The container engines that answer, by their places.
    package var engines: @Sendable () async -> [String] = { [] }
    /// What is at a target and is not the image, in words; `nil` if nothing is in the way.
    package var existing: @Sendable (_ image: String, SendTarget) async throws -> String? = { _, _ in nil }
    /// Writes an image to a target, over what is there; returns the digest that it has there.
    package var send: @Sendable (_ image: String, SendTarget, @escaping BlobProgress) async throws -> Digest = {
        image, _, _ in throw noImage(image)
    }
    /// Gives an image of the store another name, which may have fields such as `{version}`.
    package var tag:
        @Sendable (_ image: String, _ name: String, _ project: FilePath, _ replaces: Bool) async throws -> TagResult = {
            image, _, _, _ in throw noImage(image)
        }
    /// The report on an image as `mixpack inspect --json` prints it.
    package var report: @Sendable (_ image: String) async throws -> String = { throw noImage($0) }

    /// Creates a client that has nothing to offer.
    package init() {}

    private static func noImage(_ name: String) -> Failure { Failure(.refused, "no such image: \(name)") }
    private static func noEarlierImage(_ name: String) -> Failure {
        Failure(.refused, "no earlier image of \(name)")
    }
}

/// Where an image is sent.
package enum SendTarget: Sendable, Hashable, CustomStringConvertible {
    case place(ImagePlace)
    /// A container engine by its place, under the image's own name.
    case engine(String)

    package var description: String {
        switch self {
        case .place(let place): place.description
        case .engine(let place): place
        }
    }
}

/// What came of giving an image a name.
package enum TagResult: Sendable, Hashable {
    case tagged(Reference)
    /// Another image has the name.
    case taken(Reference)
}

/// A file of a layer of an image.
package struct FileLocation: Sendable, Hashable {
    /// The image: the name or place that it was opened by.
    package var image: String
    /// The layer, or the folder on the machine.
    package var source: ImageContents.Layer.Source
    /// The path within, beginning with "/".
    package var path: String

    package init(image: String, source: ImageContents.Layer.Source, path: String) {
        self.image = image
        self.source = source
        self.path = path
    }
}

/// What an image is compared with.
package enum Comparand: Sendable, Hashable {
    /// The image that the name had before its last build.
    case previous
    /// An image of the store, or at a place.
    case image(String)
    /// A past build of a project, by its id.
    case build(project: FilePath, id: String)
}

/// An image that another one can be compared with.
package struct ComparableImage: Sendable, Hashable {
    package var comparand: Comparand
    /// What it is called.
    package var name: String
    /// Its age and its size, as far as they are known.
    package var detail: String

    package init(_ comparand: Comparand, name: String, detail: String) {
        self.comparand = comparand
        self.name = name
        self.detail = detail
    }
}

/// What is found out by reading an image's layers.
package struct ImageMeasure: Sendable, Hashable {
    /// How much of the layers is of use, and what each holds.
    package var efficiency: ImageEfficiency
    /// The image that the name had before, with sizes; `nil` if the store has none.
    package var previous: EarlierImage?

    package init(_ efficiency: ImageEfficiency, previous: EarlierImage? = nil) {
        self.efficiency = efficiency
        self.previous = previous
    }

    /// How large the image is, beside the previous one.
    package var size: ImageSize { ImageSize(efficiency, previousBytes: previous?.contents.size) }
}

/// An image to compare with: as it was before the last build, or another one.
package struct EarlierImage: Sendable, Hashable {
    /// What it is, in words: `the image of 2 h ago`.
    package var title: String
    /// What it is for the client.
    package var comparand: Comparand
    /// What it holds.
    package var contents: ImageContents
    /// Whether its files are there too, and not only its build's account of its layers.
    package var hasFiles = true

    package init(_ title: String, _ comparand: Comparand = .previous, contents: ImageContents) {
        self.title = title
        self.comparand = comparand
        self.contents = contents
    }

    /// A past build, by its own account of its layers.
    package init(_ title: String, _ comparand: Comparand, events: [LifecycleEvent]) {
        var build = BuildState()
        for event in events { build.fold(event) }
        self.init(title, comparand, contents: ImageContents(build: build))
    }

    /// How a layer of the image `now` differs; `nil` for one that is in no image, so that there is nothing to compare.
    func difference(of layer: ImageContents.Layer, in now: ImageContents?) -> String? {
        now?.isOutside(layer) == true ? nil : difference(of: layer)
    }

    /// How a layer differs: nothing, a difference in size, or that it is new.
    private func difference(of layer: ImageContents.Layer) -> String {
        let isThere = contents.layers.contains { layer.diffID != nil && $0.diffID == layer.diffID }
        if isThere { return "the same" }
        guard let before = contents.layers.first(where: { $0.identity == layer.identity }) else {
            return "not there before"
        }
        let bytes = layer.size - before.size
        return bytes == 0 ? (layer.isReused == true ? "the same" : "other content") : Amount.difference(bytes)
    }
}

/// An Erlang or Elixir application in an image: a line of its bill of materials.
package struct ImagePackage: Sendable, Hashable {
    /// The application's name.
    package var name: String
    package var version: String
    /// Where it comes from, in a word or two: `Erlang/OTP`, `Elixir`, `dependency`, `project`.
    package var origin: String
    /// The name of the layer that holds it.
    package var layer: String
    /// What it says of itself; empty where it says nothing.
    package var summary: String
    /// The size of its files in bytes.
    package var size: Int64

    package init(name: String, version: String, origin: String, layer: String, summary: String = "", size: Int64) {
        self.name = name
        self.version = version
        self.origin = origin
        self.layer = layer
        self.summary = summary
        self.size = size
    }
}
