import TerminalUI

extension Pane {
    /// Takes the place of the layers once a build has stopped.
    static let stop: Pane = .init(
        name: "stop", title: { $0.build.stop?.title ?? "Stopped" }, content: StopContent(),
        height: { state in StopContent.rows(state, width: StopContent.usualWidth(state.size), height: .max).count },
        place: { $0.build.stop?.place })
}

/// What failed, where with the source around it, why, what to try, and the keys for it.
struct StopContent: PaneContent {
    /// What gives way, in this order, while there is not enough room for all.
    private struct Detail {
        var distance: Int
        var hasGaps: Bool
        var hasCommand = true
        var hasKeys = true

        static let levels = [
            Detail(distance: 3, hasGaps: true), Detail(distance: 2, hasGaps: true),
            Detail(distance: 3, hasGaps: false), Detail(distance: 2, hasGaps: false),
            Detail(distance: 1, hasGaps: false),
            Detail(distance: 1, hasGaps: false, hasKeys: false),
            Detail(distance: 1, hasGaps: false, hasCommand: false, hasKeys: false),
            Detail(distance: 0, hasGaps: false, hasCommand: false, hasKeys: false),
        ]
    }

    func draw(_ state: ConsoleState, in rect: Rect, title: String, focused: Bool, on canvas: inout Canvas) {
        let stop = state.build.stop
        let lines = Self.rows(state, width: max(1, rect.width - 4), height: max(0, rect.height - 2))
        let top = min(state.build.stopTop, max(0, lines.count - max(0, rect.height - 2)))
        let counter = stop?.number.map { "\($0.0) of \($0.of)" } ?? ""
        let inside = canvas.box(rect, title: title, counter: counter, focused: focused, titleRole: stop?.role)
        canvas.draw(Array(lines.dropFirst(top)), in: inside.inset(columns: 1, rows: 0))
    }

    func fit(_ state: inout ConsoleState, to size: Size) {
        let count = Self.rows(state, width: size.width, height: size.height).count
        state.build.stopTop = min(state.build.stopTop, max(0, count - size.height))
    }

    func move(_ state: inout ConsoleState, by rows: Int, height: Int) {
        state.build.stopTop = max(0, min(state.build.stopTop + rows, 1000))
    }

    func click(_ state: inout ConsoleState, row: Int, height: Int) -> Bool { false }

    func copied(_ state: inout ConsoleState, all: Bool, width: Int) -> String {
        Self.rows(state, width: width, height: .max).map(\.text).joined(separator: "\n") + "\n"
    }

    /// The columns of text that the layout gives the pane.
    static func usualWidth(_ size: Size) -> Int {
        switch LayoutKind(size) {
        case .tooSmall, .stacked: size.width - 4
        case .two: size.width - Screen.stoppedPhases - 4
        case .three: Screen.stoppedMiddle - 4
        }
    }

    /// The rows in a width; the fullest form that fits a height, or else the shortest.
    static func rows(_ state: ConsoleState, width: Int, height: Int) -> [StyledLine] {
        guard let stop = state.build.stop else { return [] }
        var rows: [StyledLine] = []
        for detail in Detail.levels {
            rows = self.rows(stop, state, detail, width: max(1, width))
            if rows.count <= height { break }
        }
        return rows
    }

    private static func rows(
        _ stop: BuildStop, _ state: ConsoleState, _ detail: Detail, width: Int
    ) -> [StyledLine] {
        let gap = detail.hasGaps ? [StyledLine()] : []
        var rows: [StyledLine] = []
        if let place = stop.place, stop.title.columns > width - 8 { rows += fact("Where", place.text, .link, width) }
        if let place = stop.place, let line = place.line, let excerpt = state.build.excerpt.lines {
            rows += source(excerpt, line, stop.column, distance: detail.distance, width: width) + gap
        }
        rows += fact("Why", stop.why, stop.role, width)
        if let advice = stop.advice { rows += fact("Try", advice, .textStrong, width) }
        if detail.hasCommand, let command = stop.command { rows += fact("Ran", command, .code, width) }
        return detail.hasKeys ? rows + gap + keys(stop, state, width) : rows
    }

    private static func fact(_ name: String, _ text: String, _ role: Role, _ width: Int) -> [StyledLine] {
        TextWrap.styled(text, width: max(1, width - 7), role).enumerated().map { index, line in
            StyledLine((index == 0 ? name : "").padded(to: 7), .textDim) + line
        }
    }

    // MARK: The source

    private static func source(
        _ excerpt: SourceExcerpt, _ line: Int, _ column: Int?, distance: Int, width: Int
    ) -> [StyledLine] {
        let numbers = excerpt.numbers(around: line, distance: distance)
        let digits = "\(numbers.upperBound)".count
        return numbers.flatMap { number -> [StyledLine] in
            let isFailing = number == line
            let label = "\(isFailing ? "▸" : " ") " + String(repeating: " ", count: digits - "\(number)".count)
            let row = StyledLine("\(label)\(number) │ ", isFailing ? .stateFailed : .textDim)
                .adding(excerpt.line(number) ?? "", isFailing ? .textStrong : .code)
            guard isFailing else { return [row] }
            // The line that failed is never cut.
            let rows = row.wrapped(width: width, indent: digits + 5)
            guard rows.count == 1, let column, let text = excerpt.line(line), column > 1, column <= text.count + 1
            else {
                return rows
            }
            let before = String(text.prefix(column - 1)).columns
            let margin = String(repeating: " ", count: digits + 3) + "│ "
            return rows + [
                StyledLine(margin, .textDim).adding(String(repeating: " ", count: before) + "^", .stateFailed)
            ]
        }
    }

    // MARK: Keys

    private static func keys(_ stop: BuildStop, _ state: ConsoleState, _ width: Int) -> [StyledLine] {
        var rows: [StyledLine] = []
        for (action, text) in Screen.stopActions(state) {
            guard let key = state.keys.keys(for: action).first else { continue }
            let hint = StyledLine(key, .hintKey).adding(" \(text)", .hintText)
            if let last = rows.last, last.columns + 3 + hint.columns <= width {
                rows[rows.count - 1] = last.adding("   ") + hint
            } else {
                rows.append(hint)
            }
        }
        return rows
    }
}

extension Screen {
    /// What to do next about a build that stopped, with what the pane and the footer call it.
    static func stopActions(_ state: ConsoleState) -> [(action: Action, text: String)] {
        guard let stop = state.build.stop else { return [] }
        var actions: [(Action, String)] = []
        if stop.place != nil, state.build.replay == nil { actions.append((.app(.edit), "edit")) }
        if state.build.canRetry { actions.append((.build(.retry), "retry")) }
        if stop.number != nil { actions.append((.build(.nextProblem), "next error")) }
        if stop.command != nil { actions.append((.build(.copyCommand), "copy command")) }
        if state.build.replay == nil { actions.append((.build(.history), "past builds")) }
        return actions
    }
}
