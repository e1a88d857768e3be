/// The names of screens in a row, the open one in brackets: ` 1 Project  2 Release [3 Build]`.
public struct TabBar {
    private let titles: [String]
    private let active: Int

    /// Tabs with their titles; each shows its number, from 1.
    public init(_ titles: [String], active: Int) {
        self.titles = titles
        self.active = active
    }

    /// Draws the tabs in the first row of `rect`; where there is no room, all but the open one by their numbers alone.
    ///
    /// Gives the columns used.
    @discardableResult
    public func draw(in rect: Rect, on canvas: inout Canvas) -> Int {
        var x = rect.x
        for (index, label) in labels(width: rect.width).enumerated() {
            let role: Role = index == active ? .tabActive : .tab
            x += canvas.write(label, at: Point(x: x, y: rect.y), in: rect.row(0), role)
        }
        return x - rect.x
    }

    /// The tab under `point`, from 0.
    public func index(at point: Point, in rect: Rect) -> Int? {
        guard rect.row(0).contains(point) else { return nil }
        var x = rect.x
        for (index, label) in labels(width: rect.width).enumerated() {
            x += label.columns
            if point.x < x { return index }
        }
        return nil
    }

    private func labels(width: Int) -> [String] {
        let full = titles.indices.map { label($0, title: " " + titles[$0]) }
        if full.reduce(0, { $0 + $1.columns }) <= width { return full }
        return titles.indices.map { label($0, title: $0 == active ? " " + titles[$0] : "") }
    }

    private func label(_ index: Int, title: String) -> String {
        index == active ? "[\(index + 1)\(title)]" : " \(index + 1)\(title) "
    }
}
