import Console
import FoundationEssentials
import SystemPackage
import TOMLCoding
import TerminalUI

/// The console's settings, from flags and `$XDG_CONFIG_HOME/mixpack/config.toml`.
///
/// The file may hold `theme`, `mouse`, `ascii`, `bell-after` (seconds) and a table `keys` of key lists by action.
/// What else it may hold is `ConfigurationFile`'s.
struct ConsoleOptions {
    let machine: Machine
    let display: DisplayOptions

    /// The settings; a flag wins over the file.
    /// - Throws: `ProgramExit` that names the file and the line of a setting that is wrong.
    func settings() throws -> ConsoleSettings {
        do {
            let file = try ConfigurationFile(machine: machine).table()
            var settings = ConsoleSettings(version: ProgramVersion.text)
            settings.theme = try display.theme ?? file?.string("theme") ?? settings.theme
            settings.usesMouse = try file?.boolean("mouse") ?? settings.usesMouse
            settings.usesASCII = try file?.boolean("ascii") ?? settings.usesASCII
            settings.bellAfter = try file?.integer("bell-after").map(Double.init) ?? settings.bellAfter
            settings.keys = try keys(file?.table("keys"))
            let chosen = try finder.theme(settings.theme)
            settings.theme = chosen.name
            settings.themes =
                try Theme.builtInNames.compactMap(Theme.builtIn).filter { $0.name != chosen.name } + [chosen]
            return settings
        } catch let error as TOMLError {
            throw ProgramExit.usage(error.description)
        }
    }

    private var finder: ThemeFinder {
        let folder = machine.configuration.appending("themes").string
        return ThemeFinder(folder: folder) { path in
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func keys(_ table: TOMLTable?) throws -> [String: [String]] {
        guard let table else { return [:] }
        var keys: [String: [String]] = [:]
        for entry in table.entries { keys[entry.key] = try table.strings(entry.key) ?? [] }
        return keys
    }
}
