import TerminalUI

/// Where everything is on a screen of a size.
struct ConsoleLayout: Sendable {
    typealias Placed = (pane: Pane, rect: Rect)

    /// The top line: title, tabs, clock.
    private(set) var header = Rect.zero
    /// The line of phases on a narrow Build screen.
    private(set) var strip: Rect?
    /// The panes that are shown, in the order of Tab.
    private(set) var panes: [Placed] = []
    /// The line of messages.
    private(set) var status = Rect.zero
    /// The line of hints.
    private(set) var footer = Rect.zero
    /// How many columns of panes there are.
    let kind: LayoutKind

    init(_ request: LayoutRequest) {
        kind = LayoutKind(request.size)
        guard kind != .tooSmall else { return }
        var body = Rect(size: request.size)
        (header, body) = body.split(top: 1)
        (body, footer) = body.split(bottom: 1)
        (body, status) = body.split(bottom: 1)
        if request.screen == .build && kind == .stacked {
            let parts = body.split(top: 1)
            strip = parts.top
            body = parts.rest
        }
        panes = request.isZoomed ? [(request.focus, body)] : request.screen.layout(request, kind, body)
    }

    /// The rectangle of a pane; `nil` while it is not shown.
    func rect(of pane: Pane) -> Rect? { panes.first { $0.pane == pane }?.rect }
}

/// How many columns of panes a screen has room for.
enum LayoutKind: Sendable {
    /// Below 60x16: nothing but a notice.
    case tooSmall
    /// Below 100 columns: panes on top of each other.
    case stacked
    /// Two columns.
    case two
    /// From 160 columns: three columns.
    case three

    /// The smallest size that is drawn.
    static let minimum = Size(width: 60, height: 16)

    init(_ size: Size) {
        if size.width < Self.minimum.width || size.height < Self.minimum.height {
            self = .tooSmall
        } else if size.width < 100 {
            self = .stacked
        } else {
            self = size.width < 160 ? .two : .three
        }
    }
}

/// All that a layout depends on, so that drawing, scrolling and the mouse work out the same one.
struct LayoutRequest: Sendable {
    var screen: Screen
    var size: Size
    var focus: Pane
    /// Whether the focused pane has the whole body.
    var isZoomed = false
    /// Rows and columns that the user gave to the focused side (`+` and `_`).
    var growth = 0
    /// The panes that have something to show and the rows they would like; others are left out.
    var ideals: [Pane: Int] = [:]

    /// The columns that `+` and `_` moved to the left side.
    func growth(left: [Pane]) -> Int { left.contains(focus) ? growth : -growth }

    /// Panes on top of each other in a column; those without content are left out.
    func column(_ panes: [Pane], in rect: Rect) -> [ConsoleLayout.Placed] {
        let shown = panes.filter { ideals[$0] != nil || $0 == focus }
        let focused = shown.firstIndex(of: focus) ?? shown.count - 1
        let least = rect.height >= 4 * shown.count + 3 ? 4 : 3
        let heights = StackedHeights.share(
            rect.height, ideals: shown.map { (ideals[$0] ?? 1) + 2 }, least: least, focused: focused)
        var rest = rect
        return zip(shown, heights).map { pane, height in
            let parts = rest.split(top: height)
            rest = parts.rest
            return (pane, parts.top)
        }.filter { !$0.rect.isEmpty }
    }
}

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
