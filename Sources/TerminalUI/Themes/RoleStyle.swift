/// What a theme says about one role.
package struct RoleStyle: Hashable, Sendable {
    /// The text colour.
    package var foreground: Color
    package var background: Color
    package var attributes: TextAttributes
    /// The text colour where only 16 are shown; nil takes the nearest.
    package var foreground16: Color?
    /// The background where only 16 are shown; nil takes the nearest.
    package var background16: Color?
    /// Attributes where no colour is shown; nil keeps ``attributes``.
    package var mono: TextAttributes?

    /// What a theme says about one role; without arguments, the terminal's own colours.
    package init(
        foreground: Color = .terminalDefault, background: Color = .terminalDefault, attributes: TextAttributes = [],
        foreground16: Color? = nil, background16: Color? = nil, mono: TextAttributes? = nil
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
        self.foreground16 = foreground16
        self.background16 = background16
        self.mono = mono
    }
}
