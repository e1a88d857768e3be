/// How much of an image's layers is of use.
package struct ImageEfficiency: Sendable, Hashable {
    /// A path that several layers hold.
    package struct WastedPath: Sendable, Hashable {
        /// The path, beginning with "/".
        package var path: String
        /// How many layers hold or remove it.
        package var copies: Int
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

extension FileTreeBuilder {
    /// The use that the layers so far are of.
    var efficiency: ImageEfficiency {
        let tree = tree(.merged)
        var least: Int64 = 0
        var sum: Int64 = 0
        var paths: [ImageEfficiency.WastedPath] = []
        for (index, entry) in tally.entries.enumerated() where entry.copies > 0 {
            least += entry.least
            sum += entry.sum
            guard entry.copies > 1, entry.sum > 0 else { continue }
            let node = nodes[index]
            let live = node.isGone || node.kind == .directory ? 0 : node.size
            paths.append(
                ImageEfficiency.WastedPath(
                    path: tree.path(of: FileTree.ID(index: Int32(index))), copies: Int(entry.copies), bytes: entry.sum,
                    reclaimable: entry.sum - live))
        }
        paths.sort { ($1.bytes, $0.path) < ($0.bytes, $1.path) }
        let wasted = paths.reduce(0) { $0 + $1.bytes }
        let upper = tally.layerSizes.dropFirst().reduce(0, +)
        return ImageEfficiency(
            score: sum == 0 ? 1 : Double(least) / Double(sum), wastedBytes: wasted,
            wastedFraction: upper == 0 ? 0 : Double(wasted) / Double(upper),
            reclaimableBytes: tally.layerSizes.reduce(0, +) - tree[.root].totalSize, paths: paths)
    }
}

/// Counts, for every path, the copies that layers hold and their sizes.
struct SizeTally: Sendable {
    struct Entry: Sendable {
        var copies: Int32 = 0
        var sum: Int64 = 0
        var least: Int64 = 0
    }

    /// One entry a node, as far as there are any.
    private(set) var entries: [Entry] = []
    /// The size of all files of each layer.
    private(set) var layerSizes: [Int64] = []

    mutating func beginLayer() { layerSizes.append(0) }

    /// Counts a file that the layer holds.
    mutating func add(_ size: Int64, at node: Int32) {
        count(size, at: node)
        if !layerSizes.isEmpty { layerSizes[layerSizes.count - 1] += size }
    }

    /// Counts a removal; of a folder with the size of what was in it.
    mutating func addRemoval(_ size: Int64, at node: Int32) { count(size, at: node) }

    private mutating func count(_ size: Int64, at node: Int32) {
        let index = Int(node)
        while entries.count <= index { entries.append(Entry()) }
        entries[index].least = entries[index].copies == 0 ? size : min(entries[index].least, size)
        entries[index].copies += 1
        entries[index].sum += size
    }
}
