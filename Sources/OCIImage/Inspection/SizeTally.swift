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
