/// A piece of text in one style.
package struct Span: Hashable, Sendable {
    /// The text, on one line.
    package var text: String
    /// How it looks.
    package var style: Style

    /// Text in a style.
    package init(_ text: String, style: Style) {
        self.text = text
        self.style = style
    }

    /// Text in a role.
    package init(_ text: String, _ role: Role = .text) {
        self.init(text, style: Style(role))
    }
}
