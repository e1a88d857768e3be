/// How much of an image's layers is of use.
public struct ImageEfficiency: Sendable, Hashable {
    /// A path that several layers hold.
    public struct WastedPath: Sendable, Hashable {
        /// The path, beginning with "/".
        public var path: String
        /// How many layers hold or remove it.
        public var copies: Int
        /// The bytes of all its copies.
        public var bytes: Int64
        /// The bytes of the copies that no one can see.
        public var reclaimable: Int64
    }

    /// From 0 to 1: the least that the paths need by what they take, as dive computes it.
    public var score: Double
    /// The bytes of all copies of the paths that several layers hold, the live ones too, as dive computes it.
    public var wastedBytes: Int64
    /// `wastedBytes` by the size of all layers but the lowest, as dive computes it; 0 where there is but one.
    public var wastedFraction: Double
    /// The bytes of files that a layer holds and no one can see, because a layer above replaces or removes them.
    public var reclaimableBytes: Int64
    /// The paths that several layers hold, the one with the most bytes first.
    public var paths: [WastedPath]
}
