import Diagnostics
import TOMLCoding

/// Finds the theme that a user names: a built-in one, one of the user's folder, or a file.
package struct ThemeFinder: Sendable {
    private let folder: String?
    private let readFile: @Sendable (String) -> String?

    /// A finder; `folder` holds the user's themes as NAME.toml, `readFile` gives a file's text or nil where there is none.
    package init(folder: String?, readFile: @escaping @Sendable (String) -> String?) {
        self.folder = folder
        self.readFile = readFile
    }

    /// The theme of `--theme NAME|FILE`.
    ///
    /// What has a slash or ends in `.toml` is a file; a name is looked up in the user's folder first, so that a built-
    /// in theme can be replaced.
    ///
    /// Throws: `Failure` with file and line for a mistake in the theme, without a line where there is no such theme.
    package func theme(_ nameOrFile: String) throws(Failure) -> Theme {
        try find(nameOrFile, depth: 0, asking: nil)
    }

    private func find(_ name: String, depth: Int, asking: String?) throws(Failure) -> Theme {
        guard depth < 8 else {
            throw Failure(fileName: asking ?? name, position: .none, message: "the theme inherits from itself")
        }
        let isFile = name.contains("/") || name.hasSuffix(".toml")
        let path = isFile ? name : folder.map { "\($0)/\(name).toml" }
        // A theme of the user's that bears a built-in name may inherit from that one.
        if let path, isFile || path != asking, let text = readFile(path) {
            var reader = ThemeReader { (other) throws(Failure) in
                try find(beside(path, other), depth: depth + 1, asking: path)
            }
            return try reader.read(text, fileName: path)
        }
        if !isFile, let theme = try Theme.builtIn(name) { return theme }
        throw Failure(fileName: name, position: .none, message: missing(isFile: isFile))
    }

    private func missing(isFile: Bool) -> String {
        isFile
            ? "no such file" : "no such theme; there are \(Theme.builtInNames.joined(separator: ", ")), or name a file"
    }

    /// A file that a theme inherits from is looked for beside it.
    private func beside(_ path: String, _ name: String) -> String {
        guard name.hasSuffix(".toml"), !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }
}

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
