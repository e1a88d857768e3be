import TerminalUI

/// Where everything is on a screen of a size.
struct ConsoleLayout: Sendable, Equatable {
    /// The top line: title, tabs, clock.
    private(set) var header = Rect.zero
    /// The line of phases on a narrow Build screen.
    private(set) var strip: Rect?
    /// The panes that are shown, in the order of Tab.
    private(set) var panes: [(pane: Pane, rect: Rect)] = []
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
        panes = request.isZoomed ? [(request.focus, body)] : Self.panes(request, kind, in: body)
    }

    /// The rectangle of a pane; `nil` while it is not shown.
    func rect(of pane: Pane) -> Rect? { panes.first { $0.pane == pane }?.rect }

    static func == (left: ConsoleLayout, right: ConsoleLayout) -> Bool {
        left.header == right.header && left.strip == right.strip && left.status == right.status
            && left.footer == right.footer && left.panes.elementsEqual(right.panes) { $0 == $1 }
    }

    private static func panes(_ request: LayoutRequest, _ kind: LayoutKind, in body: Rect) -> [(pane: Pane, rect: Rect)]
    {
        switch request.screen {
        case .project: project(request, kind, body)
        case .release: release(request, kind, body)
        case .secrets: secrets(request, kind, body)
        case .build: build(request, kind, body)
        case .image: image(request, kind, body)
        }
    }

    /// Panes on top of each other in a column; those without content are left out.
    static func column(_ panes: [Pane], _ request: LayoutRequest, in rect: Rect, least: Int = 4) -> [(
        pane: Pane, rect: Rect
    )] {
        let shown = panes.filter { request.ideals[$0] != nil || $0 == request.focus }
        let focused = shown.firstIndex(of: request.focus) ?? shown.count - 1
        let least = rect.height >= least * shown.count + 3 ? least : 3
        let heights = StackedHeights.share(
            rect.height, ideals: shown.map { (request.ideals[$0] ?? 1) + 2 }, least: least, focused: focused)
        var rest = rect
        return zip(shown, heights).map { pane, height in
            let parts = rest.split(top: height)
            rest = parts.rest
            return (pane, parts.top)
        }.filter { !$0.rect.isEmpty }
    }
}
