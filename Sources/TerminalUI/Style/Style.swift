/// How a cell is to look: a role, and what a child's own colours lay over it.
package struct Style: Hashable, Sendable {
    /// What the text is for.
    package var role: Role
    /// A text colour in place of the role's; nil keeps the role's.
    package var foreground: Color?
    /// A background in place of the role's; nil keeps the role's.
    package var background: Color?
    /// Attributes on top of the role's.
    package var attributes: TextAttributes

    /// The style of a role, with a child's colours over it where given.
    package init(
        _ role: Role, foreground: Color? = nil, background: Color? = nil, attributes: TextAttributes = []
    ) {
        self.role = role
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}
