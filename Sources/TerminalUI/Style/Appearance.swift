/// A style fitted to one terminal: palette indices and attributes.
public struct Appearance: Hashable, Sendable {
    /// The text colour's palette index; nil is the terminal's own.
    public var foreground: UInt8?
    /// The background's palette index; nil is the terminal's own.
    public var background: UInt8?
    /// Attributes.
    public var attributes: TextAttributes

    /// An appearance; without arguments, plain text in the terminal's own colours.
    public init(foreground: UInt8? = nil, background: UInt8? = nil, attributes: TextAttributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
