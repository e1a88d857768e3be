import Diagnostics
import TOMLCoding

extension Theme {
    /// The themes that are part of the program, by name, the default first.
    package static let builtInNames = ["terminal", "dark", "light", "high-contrast", "colour-blind", "mono"]

    /// The default theme: the terminal's own colours.
    package static let terminal = (try? builtIn("terminal")) ?? lastResort

    /// A theme that is part of the program; nil for another name.
    ///
    /// Throws: `Failure` for a theme that was built in with a mistake in it.
    package static func builtIn(_ name: String) throws(Failure) -> Theme? {
        guard let text = builtInText(name) else { return nil }
        var reader = ThemeReader { (name) throws(Failure) in try builtIn(name) }
        return try reader.read(text, fileName: "\(name).toml")
    }

    /// The file of a theme that is part of the program, to begin one's own from; nil for another name.
    package static func builtInText(_ name: String) -> String? {
        let bytes: [UInt8]? =
            switch name {
            case "terminal": PackageResources.terminal_toml
            case "dark": PackageResources.dark_toml
            case "light": PackageResources.light_toml
            case "high-contrast": PackageResources.high_contrast_toml
            case "colour-blind": PackageResources.colour_blind_toml
            case "mono": PackageResources.mono_toml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What is left without a theme: the chosen rows reversed.
    private static let lastResort = Theme(
        name: "terminal",
        roles: [
            .text: RoleStyle(), .listSelected: RoleStyle(attributes: [.reverse]),
            .buttonActive: RoleStyle(attributes: [.reverse]), .textStrong: RoleStyle(attributes: [.bold]),
        ])
}
