import TerminalUI

/// What lies over a screen: never larger than it.
struct OverlayView {
    private let state: ConsoleState
    private let overlay: Overlay

    init(_ state: ConsoleState, _ overlay: Overlay) {
        self.state = state
        self.overlay = overlay
    }

    /// Draws it, and gives the cursor's place where text is typed.
    func draw(on canvas: inout Canvas) -> Point? {
        switch overlay {
        case .actions(let picker): return picker.draw(in: canvas.bounds, on: &canvas).cursor
        case .confirmation(let confirmation): draw(confirmation, on: &canvas)
        case .prompt(let prompt):
            guard let live = prompt.live else { return draw(prompt, on: &canvas) }
            return drawInline(prompt, mark: live.mark, on: &canvas)
        case .picker(let picker): draw(picker, on: &canvas)
        case .viewer(let viewer): draw(viewer, on: &canvas)
        }
        return nil
    }

    /// The frame of a dialog with room for so many columns and rows inside.
    private func frame(columns: Int, rows: Int, title: String, counter: String = "", on canvas: inout Canvas) -> Rect {
        let rect = canvas.bounds.inset(columns: 1, rows: 1).centered(Size(width: columns + 4, height: rows + 2))
        return canvas.overlay(rect, title: title, counter: counter)
    }

    private func draw(_ confirmation: Confirmation, on canvas: inout Canvas) {
        let dialog = Dialog(
            title: confirmation.title, text: confirmation.lines.map { StyledLine($0) },
            choices: [
                DialogChoice(key: .character("y"), title: "yes"), DialogChoice(key: .character("n"), title: "no"),
            ])
        dialog.draw(in: canvas.bounds, on: &canvas)
    }

    private func draw(_ prompt: Prompt, on canvas: inout Canvas) -> Point? {
        let width = min(70, canvas.size.width - 6)
        var lines = prompt.help.isEmpty ? [] : TextWrap.styled(prompt.help, width: width, .textDim)
        if let problem = prompt.problem { lines += TextWrap.styled(problem, width: width, .fieldInvalid) }
        let area = frame(columns: width, rows: 1 + lines.count, title: prompt.title, on: &canvas)
        canvas.draw(lines, in: area.split(top: 1).rest)
        switch prompt.field {
        case .text(let field):
            return TextFieldView(prompt.shown(field), isValid: prompt.problem == nil).draw(in: area, on: &canvas)
        case .secret(let field): return SecretFieldView(field).draw(in: area, on: &canvas)
        }
    }

    /// A prompt in the line of messages: `/warning`, and what is wrong with it at the right.
    private func drawInline(_ prompt: Prompt, mark: String, on canvas: inout Canvas) -> Point? {
        let row = state.layout.status
        canvas.fill(row, .status)
        let (start, rest) = row.inset(columns: 1, rows: 0).split(left: 1)
        canvas.write(mark, at: start.origin, .statusMode)
        let note = StyledLine(prompt.problem ?? prompt.help, prompt.problem == nil ? .textDim : .fieldInvalid)
        let (field, right) = rest.split(right: min(note.columns + 1, rest.width / 2))
        canvas.draw(note, in: right.split(left: 1).rest)
        guard case .text(let text) = prompt.field else { return nil }
        return TextFieldView(text, isValid: prompt.problem == nil).draw(in: field, on: &canvas)
    }

    private func draw(_ picker: Picker, on canvas: inout Canvas) {
        let widest = picker.items.map { $0.text.columns + $0.detail.columns + 4 }.max() ?? 0
        let width = min(max(40, widest), canvas.size.width - 6)
        let lines = picker.lines.flatMap { TextWrap.styled($0, width: width) }
        let rows = lines.count + max(1, picker.items.count)
        let counter = picker.cursor.counter(count: picker.items.count)
        let area = frame(columns: width, rows: rows, title: picker.title, counter: counter, on: &canvas)
        canvas.draw(lines, in: area)
        let rest = area.split(top: lines.count).rest
        ListView(count: picker.items.count, state: picker.cursor, empty: StyledLine("nothing yet", .textDim)) { index in
            ListRow(StyledLine(picker.items[index].text), trailing: StyledLine(picker.items[index].detail, .textDim))
        }.draw(in: rest, on: &canvas)
    }

    private func draw(_ viewer: Viewer, on canvas: inout Canvas) {
        let size = canvas.size
        let counter = viewer.lines.count > size.height - 4 ? "\(viewer.top + 1) of \(viewer.lines.count)" : viewer.note
        let room = Size(width: size.width - 6, height: size.height - 4)
        // What fits covers no more of the screen than it needs.
        let fits = viewer.lines.count <= room.height
        let longest = fits ? viewer.lines.map(\.columns).max() ?? 0 : room.width
        let least = viewer.title.columns + counter.columns + 4
        let area = frame(
            columns: min(room.width, max(longest, least, 40)), rows: fits ? viewer.lines.count : room.height,
            title: viewer.title, counter: counter, on: &canvas)
        for (row, line) in viewer.lines.dropFirst(viewer.top).prefix(area.height).enumerated() {
            let point = Point(x: area.x - viewer.left, y: area.y + row)
            canvas.write(line, at: point, in: area)
        }
    }
}
