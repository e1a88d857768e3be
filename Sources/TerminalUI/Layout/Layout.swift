/// How a screen is divided: a pure function from a size to named rectangles.
package indirect enum Layout: Hashable, Sendable {
    /// A rectangle with a name.
    case area(String)
    /// Parts one above the other.
    case rows([Part])
    /// Parts side by side.
    case columns([Part])

    /// A part of a division and its extent.
    package struct Part: Hashable, Sendable {
        /// How much it takes.
        package let extent: Extent
        /// What is in it.
        package let content: Layout

        /// A part.
        package init(_ extent: Extent, _ content: Layout) {
            self.extent = extent
            self.content = content
        }

        /// A part that is one area.
        package init(_ extent: Extent, _ name: String) {
            self.init(extent, .area(name))
        }
    }

    /// How much of a division a part takes.
    package enum Extent: Hashable, Sendable {
        /// So many cells, if there are as many; earlier parts are served first.
        case cells(Int)
        /// A share of what the others leave, in proportion to its weight, but at least so many cells.
        case share(Int, atLeast: Int)

        /// An equal share of what is left.
        package static var rest: Extent { .share(1, atLeast: 0) }
    }

    /// The rectangle of every area, inside `rect`, without overlap; those that get no room are empty.
    package func areas(in rect: Rect) -> [String: Rect] {
        var areas: [String: Rect] = [:]
        place(in: rect, &areas)
        return areas
    }

    /// The rectangle of every area on a screen of `size`.
    package func areas(size: Size) -> [String: Rect] { areas(in: Rect(size: size)) }

    private func place(in rect: Rect, _ areas: inout [String: Rect]) {
        switch self {
        case .area(let name):
            areas[name] = rect
        case .rows(let parts):
            var rest = rect
            for (part, rows) in zip(parts, Layout.divide(rect.height, among: parts)) {
                let cut = rest.split(top: rows)
                part.content.place(in: cut.top, &areas)
                rest = cut.rest
            }
        case .columns(let parts):
            var rest = rect
            for (part, columns) in zip(parts, Layout.divide(rect.width, among: parts)) {
                let cut = rest.split(left: columns)
                part.content.place(in: cut.left, &areas)
                rest = cut.rest
            }
        }
    }
}
