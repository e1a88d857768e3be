extension Theme {
    /// How a style looks in this theme on a terminal of `depth`.
    package func appearance(of style: Style, depth: ColorDepth) -> Appearance {
        let role = self[style.role]
        switch depth {
        case .mono:
            return Appearance(attributes: (role.mono ?? role.attributes).union(style.attributes))
        case .sixteen:
            return Appearance(
                foreground: (style.foreground ?? role.foreground16 ?? role.foreground).number(depth: depth),
                background: (style.background ?? role.background16 ?? role.background).number(depth: depth),
                attributes: role.attributes.union(style.attributes))
        case .indexed, .direct:
            return Appearance(
                foreground: (style.foreground ?? role.foreground).number(depth: depth),
                background: (style.background ?? role.background).number(depth: depth),
                attributes: role.attributes.union(style.attributes))
        }
    }

    /// Whether the theme names colours by their parts, which only some terminals show as they are.
    package var namesExactColors: Bool {
        roles.values.contains { style in
            [style.foreground, style.background].contains { if case .rgb = $0 { true } else { false } }
        }
    }
}
