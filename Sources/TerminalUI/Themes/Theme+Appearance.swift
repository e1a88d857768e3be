extension Theme {
    /// How a style looks in this theme on a terminal of `depth`.
    public func appearance(of style: Style, depth: ColorDepth) -> Appearance {
        let role = self[style.role]
        switch depth {
        case .mono:
            return Appearance(attributes: (role.mono ?? role.attributes).union(style.attributes))
        case .sixteen:
            return Appearance(
                foreground: (style.foreground ?? role.foreground16 ?? role.foreground).index(depth: depth),
                background: (style.background ?? role.background16 ?? role.background).index(depth: depth),
                attributes: role.attributes.union(style.attributes))
        case .indexed:
            return Appearance(
                foreground: (style.foreground ?? role.foreground).index(depth: depth),
                background: (style.background ?? role.background).index(depth: depth),
                attributes: role.attributes.union(style.attributes))
        }
    }
}
