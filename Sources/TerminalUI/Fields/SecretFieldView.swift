/// A secret field as it is drawn: its mask, never a character of it.
package struct SecretFieldView {
    private let state: SecretFieldState
    private let placeholder: String
    private let isFocused: Bool

    /// A field; `placeholder` shows while it is empty.
    package init(_ state: SecretFieldState, placeholder: String = "", isFocused: Bool = true) {
        self.state = state
        self.placeholder = placeholder
        self.isFocused = isFocused
    }

    /// Draws the field in the first row of `rect`; gives the cursor's place if it has the keys.
    @discardableResult
    package func draw(in rect: Rect, on canvas: inout Canvas) -> Point? {
        let row = rect.row(0)
        guard !row.isEmpty else { return nil }
        canvas.fill(row, isFocused ? .fieldFocused : .field)
        let text = state.isEmpty ? placeholder : state.masked
        canvas.write(
            text.truncated(to: row.width), at: row.origin, in: row, state.isEmpty ? .fieldPlaceholder : .secret)
        let end = state.isEmpty ? 0 : min(text.columns, row.width - 1)
        return isFocused ? Point(x: row.x + end, y: row.y) : nil
    }
}
