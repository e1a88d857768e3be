/// A layer that a transaction holds ready.
public struct StagedLayer: Sendable, Hashable {
    /// The layer as it goes into an image: an uncompressed tar.
    public var layer: ImageLayer
    /// Whether the store had it already, so that nothing was written.
    public var wasThere: Bool

    /// The digest of the tar.
    public var diffID: Digest { layer.diffID }
    /// The blob.
    public var descriptor: Descriptor { layer.descriptor }
    /// The size of the tar in bytes.
    public var size: Int64 { layer.descriptor.size }

    /// Creates a staged layer.
    public init(layer: ImageLayer, wasThere: Bool) {
        self.layer = layer
        self.wasThere = wasThere
    }
}
