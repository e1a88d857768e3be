/// What has to be drawn to turn one canvas into another of the same size.
package struct GridDifference: Sendable {
    /// Cells beside each other in a row that are to be drawn.
    package struct Run: Hashable, Sendable {
        package let y: Int
        package let columns: Range<Int>
    }

    /// The runs, from the top left to the bottom right.
    package private(set) var runs: [Run] = []

    /// Compares two canvases; without one before, or with one of another size, everything is to be drawn.
    package init(from old: Canvas?, to new: Canvas) {
        guard let old, old.size == new.size else {
            if new.size.width > 0 { runs = (0..<new.size.height).map { Run(y: $0, columns: 0..<new.size.width) } }
            return
        }
        let same = StyleMap(from: old, to: new)
        for y in 0..<new.size.height { compare(row: y, old, new, same) }
    }

    private mutating func compare(row y: Int, _ old: Canvas, _ new: Canvas, _ map: StyleMap) {
        let start = y * new.size.width
        var first: Int?
        for x in 0..<new.size.width {
            if map.same(old.cells[start + x], new.cells[start + x], old, new) {
                if let begin = first {
                    // A wide glyph may end the run by its left half alone: drawing it covers the right half too.
                    runs.append(Run(y: y, columns: begin..<x))
                    first = nil
                }
            } else if first == nil {
                first = x
            }
        }
        if let begin = first { runs.append(Run(y: y, columns: begin..<new.size.width)) }
    }
}

/// Which style of an older canvas is which of a newer one.
private struct StyleMap {
    private let newIndex: [UInt16?]

    init(from old: Canvas, to new: Canvas) {
        var indices: [Style: UInt16] = [:]
        for (index, style) in new.styles.enumerated() { indices[style] = UInt16(index) }
        newIndex = old.styles.map { indices[$0] }
    }

    @inline(__always)
    func same(_ left: PackedCell, _ right: PackedCell, _ old: Canvas, _ new: Canvas) -> Bool {
        guard left.width == right.width, newIndex[Int(left.style)] == right.style else { return false }
        if left.glyph < PackedCell.clusterBase || right.glyph < PackedCell.clusterBase {
            return left.glyph == right.glyph
        }
        return old.text(of: left) == new.text(of: right)
    }
}
