/// How roles look.
package struct Theme: Hashable, Sendable {
    package let name: String
    package let variant: Variant
    /// What it says about roles; a role that is missing looks like its parent.
    package let roles: [Role: RoleStyle]

    /// What background a theme is made for.
    package enum Variant: String, Hashable, Sendable, CaseIterable {
        /// Any: only the terminal's own colours.
        case terminal
        case dark
        case light
    }

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

/// What a theme says about one role; by default the terminal's own colours.
package struct RoleStyle: Hashable, Sendable {
    package var foreground = Color.terminalDefault
    package var background = Color.terminalDefault
    package var attributes: TextAttributes = []
    /// The text colour where only 16 are shown; nil takes the nearest.
    package var foreground16: Color?
    /// The background where only 16 are shown; nil takes the nearest.
    package var background16: Color?
    /// Attributes where no colour is shown; nil keeps ``attributes``.
    package var mono: TextAttributes?
}

extension Theme {
    /// How a style looks in this theme on a terminal of `depth`.
    package func appearance(of style: Style, depth: ColorDepth) -> Appearance {
        var role = self[style.role]
        switch depth {
        case .mono: return Appearance(attributes: (role.mono ?? role.attributes).union(style.attributes))
        case .sixteen:
            role.foreground = role.foreground16 ?? role.foreground
            role.background = role.background16 ?? role.background
        case .indexed, .direct: break
        }
        return Appearance(
            foreground: (style.foreground ?? role.foreground).number(depth: depth),
            background: (style.background ?? role.background).number(depth: depth),
            attributes: role.attributes.union(style.attributes))
    }

    /// Whether the theme names colours by their parts, which only some terminals show as they are.
    package var namesExactColors: Bool {
        roles.values.contains { style in
            [style.foreground, style.background].contains { if case .rgb = $0 { true } else { false } }
        }
    }

    /// The whole theme as a file, every role written out: what `theme --dump` prints, and what one's own begins from.
    package var dump: String {
        var text = "name = \"\(name)\"\nvariant = \"\(variant.rawValue)\"\n\n[role]\n"
        for role in Role.allCases {
            let style = self[role]
            var parts = ["fg = \"\(style.foreground.name)\"", "bg = \"\(style.background.name)\""]
            parts.append("attr = \(Theme.list(style.attributes))")
            if let color = style.foreground16 { parts.append("c16 = \"\(color.name)\"") }
            if let color = style.background16 { parts.append("c16_bg = \"\(color.name)\"") }
            if let mono = style.mono { parts.append("mono = \(Theme.list(mono))") }
            text += "\"\(role.rawValue)\" = { \(parts.joined(separator: ", ")) }\n"
        }
        return text
    }

    private static func list(_ attributes: TextAttributes) -> String {
        let names = TextAttributes.named.filter { attributes.contains($0.attribute) }.map { "\"\($0.name)\"" }
        return "[\(names.joined(separator: ", "))]"
    }
}
