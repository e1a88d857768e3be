import OCIImage
import TerminalUI

/// The files pane.
struct FilesView {
    private let state: FilesState
    private let layer: ImageContents.Layer?
    private let comparedWith: String?

    init(_ state: ImageState) {
        self.state = state.files
        layer = state.selectedLayer
        comparedWith = state.files.key?.isComparison == true ? state.previous?.age : nil
    }

    func draw(in rect: Rect, focused: Bool, on canvas: inout Canvas) {
        let counter = state.rows.isEmpty ? "" : state.list.counter(count: state.rows.count)
        let inside = canvas.box(
            rect, title: FileRows.title(state, layer: layer?.name, comparedWith: comparedWith), counter: counter,
            focused: focused)
        guard let tree = state.tree else {
            canvas.draw(explanation(width: max(1, inside.width - 2)), in: inside.inset(columns: 1, rows: 0))
            return
        }
        let none = comparedWith == nil ? "no files" : "no file differs"
        let empty = StyledLine(state.filter == nil ? none : "no file of that name", .textDim)
        ListView(count: state.rows.count, state: state.list, isFocused: focused, empty: empty) { index in
            FileRows.row(state.rows[index], tree, showsPermissions: state.showsPermissions)
        }.draw(in: inside, on: &canvas)
    }

    private func explanation(width: Int) -> [StyledLine] {
        if let failure = state.failure { return TextWrap.styled("\(failure)", width: width, .stateFailed) }
        if state.isLoading { return [StyledLine("opening…", .textDim)] }
        let text = layer == nil ? "no layer" : "the files of this layer cannot be looked at: it has no folder here"
        return [StyledLine(text, .textDim)]
    }
}
