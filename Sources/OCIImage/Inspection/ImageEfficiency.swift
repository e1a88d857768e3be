/// How much of an image's layers is of use.
package struct ImageEfficiency: Sendable, Hashable {
    /// A path that several layers hold.
    package struct WastedPath: Sendable, Hashable {
        /// The path, beginning with "/".
        package var path: String
        /// How many layers hold or remove it.
        package var copies: Int
        /// The bytes of all its copies.
        package var bytes: Int64
        /// The bytes of the copies that no one can see.
        package var reclaimable: Int64
    }

    /// From 0 to 1: the least that the paths need by what they take, as dive computes it.
    package var score: Double
    /// The bytes of all copies of the paths that several layers hold, the live ones too, as dive computes it.
    package var wastedBytes: Int64
    /// `wastedBytes` by the size of all layers but the lowest, as dive computes it; 0 where there is but one.
    package var wastedFraction: Double
    /// The bytes of files that a layer holds and no one can see, because a layer above replaces or removes them.
    package var reclaimableBytes: Int64
    /// The paths that several layers hold, the one with the most bytes first.
    package var paths: [WastedPath]
}
