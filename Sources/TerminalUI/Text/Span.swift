/// A piece of text in one style.
public struct Span: Hashable, Sendable {
    /// The text, on one line.
    public var text: String
    /// How it looks.
    public var style: Style

    /// Text in a style.
    public init(_ text: String, style: Style) {
        self.text = text
        self.style = style
    }

    /// Text in a role.
    public init(_ text: String, _ role: Role = .text) {
        self.init(text, style: Style(role))
    }
}
