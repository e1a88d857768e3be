import TerminalUI

extension ConsoleLayout {
    typealias Placed = (pane: Pane, rect: Rect)

    static func project(_ request: LayoutRequest, _ kind: LayoutKind, _ body: Rect) -> [Placed] {
        switch kind {
        case .tooSmall: return []
        case .stacked: return column([.tree, .plan, .findings, .reads], request, in: body)
        case .two:
            let (left, right) = body.split(left: 46 + growth(request, left: [.tree]))
            return column([.tree], request, in: left) + column([.plan, .findings, .reads], request, in: right)
        case .three:
            let (left, rest) = body.split(left: 52 + growth(request, left: [.tree]))
            let (middle, right) = rest.split(left: 70)
            return column([.tree], request, in: left) + column([.plan, .findings], request, in: middle)
                + column([.reads], request, in: right)
        }
    }

    static func release(_ request: LayoutRequest, _ kind: LayoutKind, _ body: Rect) -> [Placed] {
        switch kind {
        case .tooSmall: return []
        case .stacked: return column([.releases, .form, .commandLine], request, in: body)
        case .two, .three:
            let width = kind == .two ? 46 : 72
            let (left, right) = body.split(left: width + growth(request, left: [.releases]))
            return column([.releases], request, in: left) + column([.form, .commandLine], request, in: right)
        }
    }

    static func secrets(_ request: LayoutRequest, _ kind: LayoutKind, _ body: Rect) -> [Placed] {
        switch kind {
        case .tooSmall: return []
        case .stacked: return column([.variables, .explanation], request, in: body)
        case .two, .three:
            let (left, right) = body.split(right: (kind == .two ? 46 : 72) - growth(request, left: [.variables]))
            return [(.variables, left), (.explanation, right)]
        }
    }

    static func build(_ request: LayoutRequest, _ kind: LayoutKind, _ body: Rect) -> [Placed] {
        switch kind {
        case .tooSmall: return []
        case .stacked: return stackedBuild(request, body)
        case .two:
            let (left, right) = body.split(left: 40 + growth(request, left: [.phases, .layers, .layerDetail]))
            // All phases with their buildpacks, where that leaves the layers half of the column.
            let rows = max(9, (request.ideals[.phases] ?? 0) + 2)
            let (phases, layers) = left.split(top: min(rows, left.height / 2))
            let lower: Pane = request.focus == .layerDetail ? .layerDetail : .layers
            return [(.phases, phases), (lower, layers)] + logColumn(request, right, problems: 6)
        case .three:
            let (left, rest) = body.split(left: 34)
            let (middle, right) = rest.split(left: 62 + growth(request, left: [.phases, .layers, .layerDetail]))
            let (layers, detail) = middle.split(bottom: min(14, middle.height / 2))
            return [(.phases, left), (.layers, layers), (.layerDetail, detail)] + logColumn(request, right, problems: 8)
        }
    }

    private static func stackedBuild(_ request: LayoutRequest, _ body: Rect) -> [Placed] {
        var rows = body.height >= 18 ? 6 : 3
        if request.focus != .log { rows = max(rows, body.height / 2) }
        rows = min(max(3, rows + growth(request, left: [.layers])), body.height - 3)
        let upper: Pane = [.phases, .problems, .layerDetail].contains(request.focus) ? request.focus : .layers
        let (top, rest) = body.split(top: rows)
        return [(upper, top), (.log, rest)]
    }

    private static func logColumn(_ request: LayoutRequest, _ rect: Rect, problems rows: Int) -> [Placed] {
        guard request.ideals[.problems] != nil || request.focus == .problems else { return [(.log, rect)] }
        let (log, problems) = rect.split(bottom: request.focus == .problems ? max(rows, rect.height / 2) : rows)
        return [(.log, log), (.problems, problems)]
    }

    static func image(_ request: LayoutRequest, _ kind: LayoutKind, _ body: Rect) -> [Placed] {
        switch kind {
        case .tooSmall: return []
        case .stacked:
            let lower: Pane = request.focus == .facts ? .facts : .files
            let rows = min(max(3, 7 + growth(request, left: [.imageLayers])), body.height - 3)
            let (layers, rest) = body.split(top: rows)
            return [(.imageLayers, layers), (lower, rest)]
        case .two:
            let (left, right) = body.split(left: 44 + growth(request, left: [.imageLayers, .facts]))
            let (layers, facts) = left.split(bottom: min(14, left.height / 2))
            return [(.imageLayers, layers), (.files, right), (.facts, facts)]
        case .three:
            let (left, rest) = body.split(left: 52 + growth(request, left: [.imageLayers]))
            let (middle, right) = rest.split(right: 56)
            return [(.imageLayers, left), (.files, middle), (.facts, right)]
        }
    }

    /// The columns that `+` and `_` moved to the left side.
    private static func growth(_ request: LayoutRequest, left: [Pane]) -> Int {
        left.contains(request.focus) ? request.growth : -request.growth
    }
}
