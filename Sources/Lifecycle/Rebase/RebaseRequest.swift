public import OCIImage

/// What a rebase is asked for.
public struct RebaseRequest: Sendable {
    /// The name that the new image gets in the store.
    public var name: Reference
    /// The image to put on another run image.
    public var image: Image
    /// What has the image's blobs.
    public var blobs: any BlobSource
    /// The new run image; `nil` is the one that the image names, or the one made from this machine.
    public var runImage: ImagePlace?
    /// Whether to go on where the run images do not fit together.
    public var forces: Bool
    /// More names for the image.
    public var tags: [Reference]
    /// The places to write to besides the image store.
    public var outputs: [ImagePlace]
    /// Whether to load the image into a container engine where one answers.
    public var usesEngine: Bool

    /// Creates a request with the defaults of `mixpack rebase`.
    public init(name: Reference, image: Image, blobs: any BlobSource) {
        self.name = name
        self.image = image
        self.blobs = blobs
        runImage = nil
        forces = false
        tags = []
        outputs = []
        usesEngine = true
    }
}

/// What a rebase made.
public struct RebaseReport: Sendable, Hashable {
    /// The new image.
    public var image: Image
    /// The new run image's name.
    public var runImage: String
    /// How many layers of the image stayed as they are.
    public var keptLayers: Int
    /// What stood against it, where it was forced.
    public var warnings: [String]
    /// Whether the image was on that run image already.
    public var isUnchanged: Bool
    /// The places where it stands, as skopeo names them.
    public var places: [String]
}
