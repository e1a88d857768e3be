import Diagnostics
import TOMLCoding

/// Reads a theme's file; see themes/terminal.toml for the format.
struct ThemeReader {
    private let inherited: (String) throws(Failure) -> Theme?
    private var palette: [String: Color] = [:]

    /// A reader; `inherited` finds the theme that another inherits from, nil where there is none of that name.
    init(inherited: @escaping (String) throws(Failure) -> Theme?) {
        self.inherited = inherited
    }

    /// The theme in a file's text.
    ///
    /// Throws: `Failure`, with file and line, for what is not TOML, for unknown keys, roles, colours and attributes.
    mutating func read(_ text: String, fileName: String) throws(Failure) -> Theme {
        let root = try TOMLDocument(parsing: text, fileName: fileName).root
        try root.rejectUnknownKeys(besides: ["name", "variant", "inherit", "palette", "role"])
        try readPalette(root.table("palette"))
        let base = try base(of: root)
        var styles = base?.roles ?? [:]
        let table = try root.table("role")
        let names = Role.allCases.map(\.rawValue)
        try table?.rejectUnknownKeys(besides: names, in: "[role]")
        for role in Role.allCases {
            // `text` comes first: what a role leaves open is as in running text.
            let plain = styles[.text] ?? RoleStyle()
            if let entry = try table?.table(role.rawValue) {
                styles[role] = try style(entry, role: role, plain: plain)
            } else if role != .text, let old = styles[role] {
                styles[role] = ThemeReader.rebased(old, from: base?.roles[.text] ?? RoleStyle(), to: plain)
            }
        }
        return Theme(
            name: try root.string("name") ?? fileName, variant: try variant(of: root) ?? base?.variant ?? .terminal,
            roles: styles)
    }

    private func base(of root: TOMLTable) throws(Failure) -> Theme? {
        guard let name = try root.string("inherit") else { return nil }
        guard let theme = try inherited(name) else {
            throw root.error(
                at: "inherit",
                "no theme \(name) to inherit from; there are \(Theme.builtInNames.joined(separator: ", "))")
        }
        return theme
    }

    private func variant(of root: TOMLTable) throws(Failure) -> Theme.Variant? {
        guard let text = try root.string("variant") else { return nil }
        guard let variant = Theme.Variant(rawValue: text) else {
            let known = Theme.Variant.allCases.map(\.rawValue).joined(separator: ", ")
            throw root.error(at: "variant", "no such variant: \(text); there are \(known)")
        }
        return variant
    }

    /// An inherited role on another ground: what it left open follows the new running text.
    private static func rebased(_ style: RoleStyle, from old: RoleStyle, to new: RoleStyle) -> RoleStyle {
        var result = style
        if style.foreground == old.foreground, style.foreground16 == old.foreground16 {
            result.foreground = new.foreground
            result.foreground16 = new.foreground16
        }
        if style.background == old.background, style.background16 == old.background16 {
            result.background = new.background
            result.background16 = new.background16
        }
        return result
    }

    private mutating func readPalette(_ table: TOMLTable?) throws(Failure) {
        for entry in table?.entries ?? [] {
            guard let table, let color = try color(entry.key, in: table) else { continue }
            palette[entry.key] = color
        }
    }

    private func style(_ table: TOMLTable, role: Role, plain: RoleStyle) throws(Failure) -> RoleStyle {
        try table.rejectUnknownKeys(
            besides: ["fg", "bg", "attr", "c16", "c16_bg", "mono"], in: "[role.\"\(role.rawValue)\"]")
        let foreground = try color("fg", in: table)
        let background = try color("bg", in: table)
        return RoleStyle(
            foreground: foreground ?? plain.foreground, background: background ?? plain.background,
            attributes: try attributes("attr", in: table) ?? [],
            foreground16: try color("c16", in: table) ?? (foreground == nil ? plain.foreground16 : nil),
            background16: try color("c16_bg", in: table) ?? (background == nil ? plain.background16 : nil),
            mono: try attributes("mono", in: table))
    }

    private func color(_ key: String, in table: TOMLTable) throws(Failure) -> Color? {
        guard let text = try table.string(key) else { return nil }
        if let color = palette[text] ?? Color(named: text) { return color }
        throw table.error(
            at: key,
            "no such colour: \(text); write default, #RRGGBB, 0 to 255, a name of the palette, or red, bright-red …")
    }

    private func attributes(_ key: String, in table: TOMLTable) throws(Failure) -> TextAttributes? {
        guard let names = try table.strings(key) else { return nil }
        var attributes: TextAttributes = []
        for name in names {
            guard let known = TextAttributes.named.first(where: { $0.name == name }) else {
                let all = TextAttributes.named.map(\.name).joined(separator: ", ")
                throw table.error(at: key, "no such attribute: \(name); there are \(all)")
            }
            attributes.insert(known.attribute)
        }
        return attributes
    }
}
