/// A file of a layer of an image.
public struct FileLocation: Sendable, Hashable {
    /// The image: the name or place that it was opened by.
    public var image: String
    /// The layer, or the folder on the machine.
    public var source: ImageContents.Layer.Source
    /// The path within, beginning with "/".
    public var path: String

    /// Creates a location.
    public init(image: String, source: ImageContents.Layer.Source, path: String) {
        self.image = image
        self.source = source
        self.path = path
    }
}
