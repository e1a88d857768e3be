/// Shares rows among panes that stand on top of each other.
enum StackedHeights {
    /// Each pane's rows: first what each needs at the least, then what the focused one would like, then the others
    /// from the top; what is left goes to the focused one.
    static func share(_ total: Int, ideals: [Int], least: Int, focused: Int) -> [Int] {
        guard !ideals.isEmpty else { return [] }
        var heights = ideals.map { _ in 0 }
        var left = total
        func give(_ index: Int, upTo height: Int) {
            let extra = min(left, max(0, height - heights[index]))
            heights[index] += extra
            left -= extra
        }
        let focused = min(max(0, focused), ideals.count - 1)
        let order = [focused] + ideals.indices.filter { $0 != focused }
        for index in order { give(index, upTo: min(ideals[index], least)) }
        for index in order { give(index, upTo: ideals[index]) }
        heights[focused] += left
        return heights
    }
}
