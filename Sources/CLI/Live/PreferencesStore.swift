import Console
import Files
import FoundationEssentials
import SystemPackage

/// Keeps what the user chose for the console, for all projects: `$XDG_STATE_HOME/mixpack/console.json`.
struct PreferencesStore: Sendable {
    let folder: FilePath

    private var file: FilePath { folder.appending("console.json") }

    /// What was kept; nothing if the file cannot be read.
    var preferences: ConsolePreferences {
        guard let data = FileManager.default.contents(atPath: file.string) else { return ConsolePreferences() }
        return (try? JSONDecoder().decode(ConsolePreferences.self, from: data)) ?? ConsolePreferences()
    }

    /// What cannot be kept is not worth a failure: the next start asks again.
    func save(_ preferences: ConsolePreferences) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(preferences), (try? folder.makeFolders()) != nil else { return }
        try? data.write(to: URL(filePath: file.string), options: .atomic)
    }
}
