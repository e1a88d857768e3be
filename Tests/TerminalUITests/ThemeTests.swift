import Diagnostics
import TOMLCoding
import Testing

@testable import TerminalUI

@Suite("Themes")
struct ThemeTests {
    private let finder = ThemeFinder(folder: nil) { _ in nil }

    @Test("every built-in theme says how every role looks", arguments: Theme.builtInNames)
    func complete(name: String) throws {
        let theme = try #require(try Theme.builtIn(name))
        #expect(theme.name == name)
        #expect(Role.allCases.filter { theme.roles[$0] == nil } == [])
    }

    @Test("text can be read: 4.5 to 1, and 3 to 1 for what matters less", arguments: Theme.builtInNames)
    func contrast(name: String) throws {
        let theme = try #require(try Theme.builtIn(name))
        for role in Role.allCases {
            guard let ratio = contrast(of: theme[role], variant: theme.variant) else { continue }
            let least = minor.contains(role) ? 3.0 : name == "high-contrast" ? 7.0 : 4.5
            #expect(ratio >= least, "\(role) in \(name): \(ratio)")
        }
    }

    private let minor: Set<Role> = [
        .border, .scrollbar, .scrollbarThumb, .treeGuide, .progressRest, .listDisabled, .fieldPlaceholder,
    ]

    /// The contrast of text and ground where both are known; the ground of a dark theme is taken to be dark grey.
    private func contrast(of style: RoleStyle, variant: Theme.Variant) -> Double? {
        let ground: RGB? = variant == .dark ? RGB(30, 30, 30) : variant == .light ? RGB(250, 250, 250) : nil
        guard let text = style.foreground.parts, let back = style.background.parts ?? ground else { return nil }
        let bright = [luminance(text), luminance(back)].sorted()
        return (bright[1] + 0.05) / (bright[0] + 0.05)
    }

    private func luminance(_ color: RGB) -> Double {
        func part(_ value: UInt8) -> Double {
            let share = Double(value) / 255
            guard share > 0.04045 else { return share / 12.92 }
            // x to the power of 2.4 by x² · x^0.4; close enough for a ratio.
            let base = (share + 0.055) / 1.055
            var root = base
            for _ in 0..<40 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
            return base * base * root * root
        }
        return 0.2126 * part(color.red) + 0.7152 * part(color.green) + 0.0722 * part(color.blue)
    }

    @Test("the chosen row stands out at every depth", arguments: Theme.builtInNames, ColorDepth.allCases)
    func selection(name: String, depth: ColorDepth) throws {
        let theme = try #require(try Theme.builtIn(name))
        let plain = theme.appearance(of: Style(.text), depth: depth)
        for role in [Role.listSelected, .buttonActive] {
            let chosen = theme.appearance(of: Style(role), depth: depth)
            #expect(chosen.attributes.contains(.reverse) || chosen.background != plain.background, "\(role)")
        }
        let unfocused = theme.appearance(of: Style(.listSelectedUnfocused), depth: depth)
        #expect(unfocused != plain)
    }

    @Test("without colour nothing is coloured", arguments: Theme.builtInNames)
    func mono(name: String) throws {
        let theme = try #require(try Theme.builtIn(name))
        for role in Role.allCases {
            let style = Style(role, foreground: .rgb(red: 1, green: 2, blue: 3), background: .ansi(1))
            let look = theme.appearance(of: style, depth: .mono)
            #expect(look.foreground == nil && look.background == nil)
        }
    }

    @Test("with 16 colours only the user's 16 are used, and never dark blue text", arguments: Theme.builtInNames)
    func sixteen(name: String) throws {
        let theme = try #require(try Theme.builtIn(name))
        for role in Role.allCases {
            let look = theme.appearance(of: Style(role), depth: .sixteen)
            #expect((look.foreground ?? 0) < 16 && (look.background ?? 0) < 16)
            #expect(look.foreground != 4, "\(role)")
        }
    }

    @Test("what a theme dumps reads back as itself", arguments: Theme.builtInNames)
    func dump(name: String) throws {
        let theme = try #require(try Theme.builtIn(name))
        let file = ThemeFinder(folder: nil) { _ in theme.dump }
        #expect(try file.theme("x.toml") == theme)
    }

    @Test(
        "a mistake is told by file, line and what to write",
        arguments: [
            ("colour = 1", "t.toml:1:1: unknown key colour; known keys: name, variant, inherit, palette, role"),
            ("[role]\n\"log.eror\" = { fg = \"red\" }", "did you mean log.error?"),
            ("[role]\n\n\"log\" = { fg = \"redd\" }", "t.toml:3:16: no such colour: redd"),
            ("[role]\n\"log\" = { attr = [\"blink\"] }", "t.toml:2:18: no such attribute: blink"),
            ("[role]\n\"log\" = { bgg = \"red\" }", "unknown key bgg in [role.\"log\"]; did you mean bg?"),
            ("[palette]\nx = \"#12345\"", "t.toml:2:5: no such colour: #12345"),
            ("variant = \"dusk\"", "t.toml:1:11: no such variant: dusk"),
            ("inherit = \"no\"", "no such theme"), ("inherit = \"t.toml\"", "inherits from itself"),
            ("[role]\nlog = 3", "t.toml:2:7: log: expected a table, found an integer"),
        ])
    func mistakes(text: String, message: String) {
        let finder = ThemeFinder(folder: nil) { $0 == "t.toml" ? text : nil }
        let error = #expect(throws: Failure.self) { try finder.theme("t.toml") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a name is looked up in the user's folder first, a file anywhere, and inherits from what lies beside it")
    func finding() throws {
        let files = [
            "/themes/dark.toml": "name = \"my dark\"\ninherit = \"dark\"\n[role]\n\"log\" = { fg = \"red\" }",
            "/else/a.toml": "inherit = \"b.toml\"",
            "/else/b.toml": "name = \"b\"\n[role]\n\"log\" = { fg = \"green\" }",
        ]
        let finder = ThemeFinder(folder: "/themes") { files[$0] }
        let mine = try finder.theme("dark")
        #expect(mine.name == "my dark")
        #expect(mine[.log].foreground == .ansi(1))
        #expect(mine[.logError] == (try Theme.builtIn("dark"))?[.logError])
        #expect(try finder.theme("/else/a.toml")[.log].foreground == .ansi(2))
        #expect(throws: Failure.self) { try finder.theme("nothing") }
        #expect(throws: Failure.self) { try finder.theme("/nowhere.toml") }
    }

    @Test("a role that no theme names looks like its parent")
    func parents() {
        let (title, log) = (RoleStyle(foreground: .ansi(1)), RoleStyle(foreground: .ansi(2)))
        let theme = Theme(name: "mine", roles: [.text: RoleStyle(), .borderTitle: title, .log: log])
        #expect(theme[.borderTitleFocused] == title)
        #expect(theme[.logError] == log)
        #expect(theme[.stateOK] == theme[.text])
    }

    @Test(
        "how many colours are used",
        arguments: [
            (ColorChoice.auto, 256, "", ColorDepth.indexed), (.auto, 88, "", .sixteen), (.auto, 8, "", .sixteen),
            (.auto, 2, "", .mono), (.auto, 0, "", .mono), (.auto, 256, "1", .mono), (.never, 256, "", .mono),
            (.sixteen, 256, "", .sixteen), (.indexed, 256, "1", .indexed), (.indexed, 8, "", .sixteen),
            (.sixteen, 0, "", .mono), (.always, 256, "1", .indexed), (.always, 0, "", .mono),
            (.auto, 1 << 24, "", .direct), (.indexed, 1 << 24, "", .indexed), (.never, 1 << 24, "", .mono),
        ])
    func depth(choice: ColorChoice, colors: Int, noColor: String, depth: ColorDepth) {
        #expect(choice.depth(environment: ["NO_COLOR": noColor], colors: colors) == depth)
    }

    @Test(
        "colours are fitted to the nearest there is",
        arguments: [
            (Color.rgb(red: 255, green: 0, blue: 0), ColorDepth.indexed, Int32(196)),
            (.rgb(red: 8, green: 8, blue: 8), .indexed, 232),
            (.rgb(red: 255, green: 0, blue: 0), .sixteen, 9), (.indexed(196), .sixteen, 9),
            (.indexed(21), .sixteen, 12),
            (.ansi(4), .sixteen, 4), (.ansi(4), .indexed, 4), (.rgb(red: 0, green: 0, blue: 200), .sixteen, 12),
            (.rgb(red: 18, green: 52, blue: 86), .direct, 0x12_3456), (.ansi(4), .direct, 4),
            (.rgb(red: 0, green: 0, blue: 3), .direct, 0x1_0103), (.ansi(8), .direct, 0x7F_7F7F),
            (.indexed(196), .direct, 0xFF_0000),
        ])
    func fitting(color: Color, depth: ColorDepth, number: Int32) {
        #expect(color.number(depth: depth) == number)
    }
}
