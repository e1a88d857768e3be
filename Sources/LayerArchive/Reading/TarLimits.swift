/// How much an archive from outside may hold before it is refused.
package struct TarLimits: Sendable, Hashable {
    /// The most entries.
    package var entries: Int
    /// The most bytes of a path or of a link's target.
    package var pathLength: Int
    /// The most bytes of all contents together.
    package var totalSize: Int64

    /// Creates limits; by default 2,000,000 entries, 4,096 bytes, 64 GiB.
    package init(entries: Int = 2_000_000, pathLength: Int = 4096, totalSize: Int64 = 64 << 30) {
        self.entries = entries
        self.pathLength = pathLength
        self.totalSize = totalSize
    }
}
