import LayerArchive

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
    /// What each layer holds, from the bottom up.
    package var layers: [ContentSize]

    /// What all layers hold together.
    package var content: ContentSize { layers.reduce(ContentSize(), +) }
}

/// How large an image is, in brief: the size of its content, how well it uses it, and what it was before.
package struct ImageSize: Sendable, Hashable, Codable {
    /// The bytes of the files in all layers, without the headers of tar.
    package var bytes: Int64
    /// The files and links in all layers.
    package var files: Int
    /// From 0 to 1, as dive computes it.
    package var efficiency: Double
    /// The bytes of the previous image; `nil` if there was none, or that is not known.
    package var previousBytes: Int64?

    package init(bytes: Int64, files: Int, efficiency: Double, previousBytes: Int64? = nil) {
        self.bytes = bytes
        self.files = files
        self.efficiency = efficiency
        self.previousBytes = previousBytes
    }

    package init(_ efficiency: ImageEfficiency, previousBytes: Int64? = nil) {
        let content = efficiency.content
        self.init(
            bytes: content.bytes, files: content.files, efficiency: efficiency.score, previousBytes: previousBytes)
    }

    /// By how much the image grew; `nil` if there is nothing to compare with.
    package var difference: Int64? { previousBytes.map { bytes - $0 } }
}

extension FileTreeBuilder {
    /// The use that the layers so far are of.
    var efficiency: ImageEfficiency {
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
                    path: path(of: index), copies: Int(entry.copies), bytes: entry.sum,
                    reclaimable: entry.sum - live))
        }
        paths.sort { ($1.bytes, $0.path) < ($0.bytes, $1.path) }
        let wasted = paths.reduce(0) { $0 + $1.bytes }
        let upper = tally.layers.dropFirst().reduce(0) { $0 + $1.bytes }
        let live = nodes.reduce(0) { $0 + ($1.isGone ? 0 : $1.size) }
        return ImageEfficiency(
            score: sum == 0 ? 1 : Double(least) / Double(sum), wastedBytes: wasted,
            wastedFraction: upper == 0 ? 0 : Double(wasted) / Double(upper),
            reclaimableBytes: tally.layers.reduce(0) { $0 + $1.bytes } - live, paths: paths, layers: tally.layers)
    }
}

extension FileTreeBuilder {
    private func path(of index: Int) -> String {
        var parts: [String] = []
        var current = index
        while current > 0 {
            parts.append(names.text(nodes[current].name))
            current = Int(nodes[current].parent)
        }
        return "/" + parts.reversed().joined(separator: "/")
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
    /// What each layer holds.
    private(set) var layers: [ContentSize] = []

    mutating func beginLayer() { layers.append(ContentSize()) }

    /// Counts a file that the layer holds.
    mutating func add(_ entry: TarEntry, at node: Int32) {
        count(entry.size, at: node)
        if !layers.isEmpty { layers[layers.count - 1].add(entry) }
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
