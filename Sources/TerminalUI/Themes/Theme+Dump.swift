extension Theme {
    /// The whole theme as a file, every role written out: what `theme --dump` prints, and what one's own begins from.
    package var dump: String {
        var text = "name = \"\(name)\"\nvariant = \"\(variant.rawValue)\"\n\n[role]\n"
        for role in Role.all {
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
