import TerminalUI
import Testing

@Suite("A treemap's tiles")
struct TreemapLayoutTests {
    private static let area = Rect(x: 3, y: 2, width: 71, height: 33)

    private func cells(_ rect: Rect) -> Set<Point> {
        var found: Set<Point> = []
        for y in rect.y..<max(rect.y, rect.maxY) {
            for x in rect.x..<max(rect.x, rect.maxX) { found.insert(Point(x: x, y: y)) }
        }
        return found
    }

    @Test(
        "fill the area without overlap, whatever the weights",
        arguments: [
            [1], [1, 1], [100, 1], [6, 6, 4, 3, 2, 2, 1], Array(repeating: 1, count: 5000), [9_000_000, 3, 2, 1],
        ]
            as [[Int64]])
    func fills(weights: [Int64]) {
        let layout = TreemapLayout(weights, in: Self.area)
        let all = layout.tiles + [layout.rest].compactMap(\.self)
        #expect(all.reduce(0) { $0 + $1.width * $1.height } == Self.area.width * Self.area.height)
        #expect(all.reduce(into: Set<Point>()) { $0.formUnion(cells($1)) } == cells(Self.area))
    }

    @Test("have areas in proportion to the weights and shapes that are nearly square")
    func proportions() {
        let weights: [Int64] = [600, 600, 400, 300, 200, 200, 100]
        let tiles = TreemapLayout(weights, in: Self.area).tiles
        let cells = Double(Self.area.width * Self.area.height)
        for (tile, weight) in zip(tiles, weights) {
            let share = Double(tile.width * tile.height) / cells
            #expect(abs(share - Double(weight) / 2400) < 0.02)
            let ratio = Double(tile.width) / Double(2 * tile.height)
            #expect(ratio > 0.3 && ratio < 3.3, "\(tile)")
        }
    }

    @Test("what is too small for a tile is in the rest, and nothing is drawn of nothing")
    func rest() {
        let layout = TreemapLayout([1_000_000] + Array(repeating: 1, count: 50), in: Self.area)
        #expect(layout.tiles.count == 1)
        #expect(TreemapLayout([0, 0], in: Self.area).tiles.isEmpty)
        #expect(TreemapLayout([1], in: .zero).tiles.isEmpty)
    }
}
