import Diagnostics
import OCIImage
import TerminalUI

/// The treemap of an image in the place of its files: which part of it is shown, and where the cursor is.
struct TreemapState: Sendable {
    /// Which image is shown, and what its marks are about.
    struct Key: Sendable, Hashable {
        var image: String
        var comparand: Comparand?
    }

    private(set) var key: Key?
    private(set) var tree: SizeTree?
    var failure: Failure?
    /// What fills the area.
    private(set) var root = SizeTree.ID.root
    /// Which of its parts the cursor is on, counted from the largest.
    private(set) var selection = 0
    /// Where the cursor was in what is around.
    private var trail: [Int] = []

    var isLoading: Bool { tree == nil && failure == nil }
    var isZoomed: Bool { root != .root }

    /// The part that the cursor is on.
    var selected: SizeTree.ID? {
        let parts = tree?.children(of: root) ?? []
        return parts.indices.contains(selection) ? parts[selection] : nil
    }

    /// Waits for the tree of an image.
    mutating func begin(_ key: Key) {
        self = TreemapState()
        self.key = key
    }

    /// Shows a tree, with the cursor on its largest part.
    mutating func show(_ tree: SizeTree) { self.tree = tree }

    /// Shows what is in the chosen part; returns whether there is anything.
    mutating func zoomIn() -> Bool {
        guard let tree, let id = selected, !tree.children(of: id).isEmpty else { return false }
        trail.append(selection)
        root = id
        selection = 0
        return true
    }

    /// Shows what the shown part is in, with the cursor on that part.
    mutating func zoomOut() {
        guard let tree, let above = tree.parent(of: root) else { return }
        root = above
        selection = trail.popLast() ?? 0
    }

    /// The tiles of the shown part in an area.
    func tiles(in rect: Rect) -> TreemapLayout {
        guard let tree else { return TreemapLayout([], in: rect) }
        return TreemapLayout(tree.children(of: root).map { tree[$0].bytes }, in: rect)
    }

    /// Moves the cursor to the nearest tile in a direction.
    mutating func move(_ direction: Direction, in rect: Rect) {
        let tiles = tiles(in: rect).tiles
        guard tiles.indices.contains(selection) else { return select(0, of: tiles.count) }
        let from = tiles[selection]
        let ahead = tiles.indices.filter { $0 != selection && direction.isAhead(tiles[$0], of: from) }
        let nearest = ahead.min { direction.distance(from, tiles[$0]) < direction.distance(from, tiles[$1]) }
        if let nearest { selection = nearest }
    }

    /// Puts the cursor on a tile.
    mutating func select(_ index: Int, of count: Int) { selection = max(0, min(index, count - 1)) }

    /// The tile at a point of an area.
    func tile(at point: Point, in rect: Rect) -> Int? { tiles(in: rect).tiles.firstIndex { $0.contains(point) } }

    enum Direction: Sendable {
        case up, down, left, right

        fileprivate func isAhead(_ tile: Rect, of from: Rect) -> Bool {
            switch self {
            case .up: tile.maxY <= from.y
            case .down: tile.y >= from.maxY
            case .left: tile.maxX <= from.x
            case .right: tile.x >= from.maxX
            }
        }

        /// How far apart tiles are: the gap in the direction counts most, then how far they are beside each other.
        fileprivate func distance(_ from: Rect, _ tile: Rect) -> Int {
            let gap: Int
            switch self {
            case .up: gap = from.y - tile.maxY
            case .down: gap = tile.y - from.maxY
            case .left: gap = from.x - tile.maxX
            case .right: gap = tile.x - from.maxX
            }
            let beside =
                self == .up || self == .down
                ? Self.gap(from.x, from.maxX, tile.x, tile.maxX) : 2 * Self.gap(from.y, from.maxY, tile.y, tile.maxY)
            return gap + 3 * beside
        }

        private static func gap(_ start: Int, _ end: Int, _ otherStart: Int, _ otherEnd: Int) -> Int {
            max(0, otherStart - end + 1, start - otherEnd + 1)
        }
    }
}
