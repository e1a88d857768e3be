/// Divides a rectangle of cells among weights, so that areas are in proportion and shapes as square as they can be.
///
/// This is the squarified treemap of Bruls, Huizing and van Wijk. A cell is twice as high as wide, which counts for shapes.
package struct TreemapLayout: Sendable {
    /// The rectangles of the first weights, in their order; together with `rest` they fill the whole area.
    package private(set) var tiles: [Rect] = []
    /// The rectangle of all other weights, which are too small for one of their own; `nil` if there are none.
    package private(set) var rest: Rect?

    private var area: Area
    private let bounds: Rect
    /// How many cells a unit of weight gets.
    private let scale: Double

    /// Divides `rect` among weights that are sorted, the largest first.
    /// - Parameter smallest: the cells that a tile has at the least.
    package init(_ weights: [Int64], in rect: Rect, smallest: Int = 6) {
        bounds = rect
        area = Area(x: Double(rect.x), y: Double(rect.y) * Self.aspect, width: Double(rect.width), height: 0)
        area.height = Double(rect.height) * Self.aspect
        let total = weights.reduce(0.0) { $0 + Double(max(0, $1)) }
        scale = total > 0 ? area.width * area.height / total : 0
        guard scale > 0 else { return }
        let least = Double(smallest) * Self.aspect
        let sizes = weights.prefix { Double($0) * scale >= least }.map { Double($0) * scale }
        let left = area.width * area.height - sizes.reduce(0, +)
        let hasRest = sizes.count < weights.count && weights[sizes.count] > 0
        place(sizes + (hasRest ? [left] : []), hasRest: hasRest)
    }

    private static let aspect = 2.0

    private struct Area {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        var shorter: Double { min(width, height) }
    }

    private mutating func place(_ sizes: [Double], hasRest: Bool) {
        var start = 0
        while start < sizes.count {
            var end = start + 1
            var sum = sizes[start]
            while end < sizes.count {
                let wider = sum + sizes[end]
                guard worst(sizes[start..<end + 1], wider) <= worst(sizes[start..<end], sum) else { break }
                sum = wider
                end += 1
            }
            placeStrip(sizes[start..<end], sum, isLast: end == sizes.count)
            start = end
        }
        if hasRest { rest = tiles.popLast() }
    }

    /// The worst ratio of sides in a strip along the shorter side.
    private func worst(_ sizes: ArraySlice<Double>, _ sum: Double) -> Double {
        let side = area.shorter * area.shorter
        // The rest may be larger than what is before it.
        guard let largest = sizes.max(), let smallest = sizes.min(), side > 0, sum > 0, smallest > 0 else {
            return .infinity
        }
        return max(side * largest / (sum * sum), sum * sum / (side * smallest))
    }

    private mutating func placeStrip(_ sizes: ArraySlice<Double>, _ sum: Double, isLast: Bool) {
        let isUpright = area.width >= area.height
        let thickness = isLast ? (isUpright ? area.width : area.height) : sum / max(area.shorter, 1e-9)
        var position = isUpright ? area.y : area.x
        for size in sizes {
            let length = size / max(thickness, 1e-9)
            tiles.append(
                isUpright
                    ? rounded(Area(x: area.x, y: position, width: thickness, height: length))
                    : rounded(Area(x: position, y: area.y, width: length, height: thickness)))
            position += length
        }
        if isUpright {
            area.x += thickness
            area.width -= thickness
        } else {
            area.y += thickness
            area.height -= thickness
        }
    }

    /// Neighbours round their common edge in the same way, so that tiles neither overlap nor leave gaps.
    private func rounded(_ area: Area) -> Rect {
        let left = Int(area.x.rounded())
        let top = Int((area.y / Self.aspect).rounded())
        let right = Int((area.x + area.width).rounded())
        let bottom = Int(((area.y + area.height) / Self.aspect).rounded())
        return bounds.intersection(
            Rect(x: left, y: top, width: max(0, right - left), height: max(0, bottom - top)))
    }
}
