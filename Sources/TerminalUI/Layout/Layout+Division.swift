extension Layout {
    /// Cells for each part; together never more than `total`, and all of it if any part takes a share.
    static func divide(_ total: Int, among parts: [Part]) -> [Int] {
        var left = max(0, total)
        var cells = parts.map { part in
            let wanted =
                switch part.extent {
                case .cells(let count): count
                case .share(_, let least): least
                }
            let given = max(0, min(wanted, left))
            left -= given
            return given
        }
        let weights = parts.map { part in
            if case .share(let weight, _) = part.extent { max(0, weight) } else { 0 }
        }
        share(left, by: weights, &cells)
        return cells
    }

    /// Gives out what is left so that the shares, with what they have, come near their weights.
    private static func share(_ left: Int, by weights: [Int], _ cells: inout [Int]) {
        var weight = weights.reduce(0, +)
        guard weight > 0 else { return }
        var pool = left + zip(weights, cells).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        // Parts whose least is more than their share keep it; the others share the rest.
        var open = weights.indices.filter { weights[$0] > 0 }
        while let large = open.first(where: { cells[$0] * weight > pool * weights[$0] }) {
            pool -= cells[large]
            weight -= weights[large]
            open.removeAll { $0 == large }
        }
        for index in open {
            let given = pool * weights[index] / weight
            cells[index] = given
            pool -= given
            weight -= weights[index]
        }
    }
}
