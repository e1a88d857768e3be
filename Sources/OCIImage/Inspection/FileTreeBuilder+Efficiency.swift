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
