/// A style fitted to one terminal: the numbers of colours, and attributes.
package struct Appearance: Hashable, Sendable {
    /// The text colour: a palette index, or 0xRRGGBB where the terminal shows every colour; nil is the terminal's own.
    package var foreground: Int32?
    /// The background in the same form; nil is the terminal's own.
    package var background: Int32?
    package var attributes: TextAttributes

    /// An appearance; without arguments, plain text in the terminal's own colours.
    package init(foreground: Int32? = nil, background: Int32? = nil, attributes: TextAttributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
