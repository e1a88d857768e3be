import Console
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage
import TOMLCoding
import TerminalUI

/// The console's settings, from flags and `$XDG_CONFIG_HOME/mixpack/config.toml`.
///
/// The file may hold `theme`, `mouse`, `ascii`, `accessible`, `bell-after` (seconds) and a table `keys` of key lists by
/// action. What else it may hold is `ConfigurationFile`'s.
struct ConsoleOptions {
    let machine: Machine
    let display: DisplayOptions
    /// Whether builds follow whenever a file is saved.
    var watches = false

    /// The settings; a flag wins over the file.
    /// - Throws: `Failure` that names the file and the line of a setting that is wrong.
    func settings() throws -> ConsoleSettings {
        do {
            let file = try ConfigurationFile(machine: machine).table()
            var settings = ConsoleSettings()
            let kept = PreferencesStore(folder: machine.state).preferences
            settings.preferences = kept
            settings.theme = try display.theme ?? file?.string("theme") ?? keptTheme(kept) ?? settings.theme
            settings.usesMouse = try file?.boolean("mouse") ?? kept.mouse ?? settings.usesMouse
            settings.wrapsLog = kept.wrapsLog ?? settings.wrapsLog
            settings.allowsMouse = !display.noMouse
            settings.usesASCII = try display.ascii || file?.boolean("ascii") ?? kept.ascii ?? settings.usesASCII
            settings.watches = watches
            settings.bellAfter = try file?.integer("bell-after").map(Double.init) ?? settings.bellAfter
            settings.keys = try keys(file?.table("keys"))
            let chosen = try finder.theme(settings.theme)
            settings.theme = chosen.name
            settings.themes = try themes(with: chosen)
            return settings
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// Whether the console is to be questions and lines.
    func isAccessible() throws -> Bool {
        do {
            return try display.accessible || ConfigurationFile(machine: machine).table()?.boolean("accessible") ?? false
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }

    /// The themes to choose from, read anew: those of the program, the user's, and the one that was asked for.
    /// - Throws: `Failure` that names the file and the line of a mistake in the one that was asked for.
    func themes() throws -> [Theme] {
        let name =
            try display.theme ?? ConfigurationFile(machine: machine).table()?.string("theme")
            ?? keptTheme(PreferencesStore(folder: machine.state).preferences) ?? ConsoleSettings().theme
        return try themes(with: try finder.theme(name))
    }

    /// The theme that was chosen before, unless it is gone or has a mistake in it now.
    private func keptTheme(_ kept: ConsolePreferences) -> String? {
        kept.theme.flatMap { (try? finder.theme($0)) != nil ? $0 : nil }
    }

    /// A user's theme with a mistake in it is left out, unless it is the one that was asked for.
    private func themes(with chosen: Theme) throws(Failure) -> [Theme] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        let names = files.filter { $0.hasSuffix(".toml") }.sorted().map { String($0.dropLast(".toml".count)) }
        var builtIn: [Theme] = []
        for name in Theme.builtInNames { if let theme = try Theme.builtIn(name) { builtIn.append(theme) } }
        let own = names.compactMap { try? finder.theme($0) } + [chosen]
        let ownNames = Set(own.map(\.name))
        var seen: Set<String> = []
        return (builtIn.filter { !ownNames.contains($0.name) } + own.reversed()).filter {
            seen.insert($0.name).inserted
        }
    }

    private var folder: FilePath { machine.configuration.appending("themes") }

    private var finder: ThemeFinder {
        ThemeFinder(folder: folder.string) { path in
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
