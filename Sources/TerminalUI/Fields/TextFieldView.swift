/// A field as it is drawn: the text, moved to the left as far as the cursor needs.
package struct TextFieldView {
    private let state: TextFieldState
    private let placeholder: String
    private let isFocused: Bool
    private let isValid: Bool

    /// A field; `placeholder` shows while it is empty.
    package init(_ state: TextFieldState, placeholder: String = "", isFocused: Bool = true, isValid: Bool = true) {
        self.state = state
        self.placeholder = placeholder
        self.isFocused = isFocused
        self.isValid = isValid
    }

    /// Draws the field in the first row of `rect`; gives the cursor's place if it has the keys.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> Point? {
        let row = rect.row(0)
        guard !row.isEmpty else { return nil }
        let role: Role = isValid ? (isFocused ? .fieldFocused : .field) : .fieldInvalid
        canvas.fill(row, role)
        let before = state.columnsBeforeCursor
        let shift = max(0, before - row.width + 1)
        if state.isEmpty {
            canvas.write(placeholder.truncated(to: row.width), at: row.origin, in: row, .fieldPlaceholder)
        } else {
            canvas.write(state.text, at: Point(x: row.x - shift, y: row.y), in: row, role)
        }
        return isFocused ? Point(x: row.x + before - shift, y: row.y) : nil
    }
}
