/// How roles look.
public struct Theme: Hashable, Sendable {
    /// What the theme is called.
    public let name: String
    /// What it says about roles; a role that is missing looks like its parent.
    public let roles: [Role: RoleStyle]

    /// A theme.
    public init(name: String, roles: [Role: RoleStyle]) {
        self.name = name
        self.roles = roles
    }

    /// What the theme says about `role`, or about the nearest role above it.
    public subscript(role: Role) -> RoleStyle {
        var role: Role? = role
        while let current = role {
            if let style = roles[current] { return style }
            role = current.parent
        }
        return roles[.text] ?? RoleStyle()
    }

    /// The theme of last resort: the terminal's own colours, with the chosen rows reversed.
    public static let terminal = Theme(
        name: "terminal",
        roles: [
            .listSelected: RoleStyle(attributes: [.reverse]), .tabActive: RoleStyle(attributes: [.bold, .reverse]),
            .buttonActive: RoleStyle(attributes: [.reverse]), .textStrong: RoleStyle(attributes: [.bold]),
        ])
}
