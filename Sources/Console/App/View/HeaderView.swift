import TerminalUI
import Text

/// The top line: what is open, the screens, the clock.
struct HeaderView {
    private let state: ConsoleState

    init(_ state: ConsoleState) { self.state = state }

    func draw(in rect: Rect, on canvas: inout Canvas) {
        canvas.fill(rect, .header)
        var clock = StyledLine("", .header)
        if state.build.hasBuild { clock.append("\(Amount.clock(state.build.elapsed)) ", .header) }
        let tabs = Self.tabs(state, in: rect)
        let room = (tabs.first?.columns.lowerBound ?? rect.width) - 2
        canvas.write(state.title.truncated(to: max(0, room)), at: Point(x: rect.x + 1, y: rect.y), .headerTitle)
        for tab in tabs {
            let isActive = tab.screen == state.screen
            let point = Point(x: tab.columns.lowerBound, y: rect.y)
            let text = "\(tab.screen.number) \(tab.screen.title)"
            canvas.write(isActive ? "[\(text)]" : " \(text) ", at: point, isActive ? .tabActive : .tab)
        }
        canvas.write(clock, at: Point(x: rect.maxX - clock.columns, y: rect.y))
    }

    /// Where the tabs are: behind the title, which gives way to them.
    static func tabs(_ state: ConsoleState, in rect: Rect) -> [(screen: Screen, columns: Range<Int>)] {
        let widths = Screen.all.map { $0.title.columns + 4 }
        let clock = state.build.hasBuild ? 10 : 1
        let start = max(2, min(state.title.columns + 3, rect.width - clock - widths.reduce(0, +)))
        var x = rect.x + start
        return zip(Screen.all, widths).map { screen, width in
            defer { x += width }
            return (screen, x..<x + width)
        }
    }
}
