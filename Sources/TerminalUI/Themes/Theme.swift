/// How roles look.
package struct Theme: Hashable, Sendable {
    /// What the theme is called.
    package let name: String
    /// What background it is made for.
    package let variant: Variant
    /// What it says about roles; a role that is missing looks like its parent.
    package let roles: [Role: RoleStyle]

    /// What background a theme is made for.
    package enum Variant: String, Hashable, Sendable, CaseIterable {
        /// Any: only the terminal's own colours.
        case terminal
        /// A dark one.
        case dark
        /// A light one.
        case light
    }

    /// A theme.
    package init(name: String, variant: Variant = .terminal, roles: [Role: RoleStyle]) {
        self.name = name
        self.variant = variant
        self.roles = roles
    }

    /// What the theme says about `role`, or about the nearest role above it.
    package subscript(role: Role) -> RoleStyle {
        var role: Role? = role
        while let current = role {
            if let style = roles[current] { return style }
            role = current.parent
        }
        return roles[.text] ?? RoleStyle()
    }
}
