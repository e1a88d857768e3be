import ArgumentParser
import ElixirBuildpacks
import Files
import FoundationEssentials
import MixInspection
import OCIImage
import SystemPackage
import TerminalUI

/// What a shell's completion offers for an argument or an option.
///
/// The shells ask the program itself, so that the answer fits the machine and the project.
enum Candidates {
    /// The images of the image store.
    static let images = custom { stored($0) }
    /// The same, and places.
    static let imagesAndPlaces = custom { stored($0) + places($0) }
    /// What `--compare` takes.
    static let compared = custom { ["previous"] + stored($0) + places($0) }
    /// Image places: their kinds, and the files behind them.
    static let places = custom { places($0) }
    /// The releases of the project that the command line names.
    static let releases = custom { releases($0) }
    /// Themes by their names, and files.
    static let themes = custom { themes($0) + ($0.looksLikePath ? $0.files() : []) }
    /// Buildpacks: the built-in ones, folders, files and places.
    static let buildpacks = custom {
        ["from=builder", "from=mixpack"] + [BuildpackID.elixir] + $0.files() + places($0)
    }
    /// Files, and places.
    static let filesAndPlaces = custom { $0.files() + places($0) }
    /// What `--builder` takes.
    static let builders = CompletionKind.list(["host", BuilderName.original])
    /// Programs by a path; a name alone is looked for on PATH.
    static let tools = custom { $0.looksLikePath ? $0.files() : [] }

    private static func custom(_ make: @escaping @Sendable (CompletedWord) -> [String]) -> CompletionKind {
        .custom { words, _, prefix in
            let found = make(CompletedWord(prefix, in: words, Machine()))
            // For zsh, what follows a colon describes what precedes it.
            return CompletionShell.requesting == .zsh ? found.map { $0.replacing(":", with: "\\:") } : found
        }
    }

    private static func stored(_ word: CompletedWord) -> [String] {
        Wiring(machine: word.machine).imageNames.map { name in
            name.hasSuffix(":latest") ? String(name.dropLast(":latest".count)) : name
        }
    }

    private static func places(_ word: CompletedWord) -> [String] {
        let kinds = ["oci:", "oci-archive:", "docker-archive:", "docker-daemon:", "docker://"]
        guard let kind = kinds.prefix(3).first(where: word.prefix.hasPrefix) else { return kinds }
        return word.files(after: kind)
    }

    private static func releases(_ word: CompletedWord) -> [String] {
        (try? MixInspector.staticLook(word.project))?.releases.map(\.name) ?? []
    }

    private static func themes(_ word: CompletedWord) -> [String] {
        let own = word.machine.configuration.appending("themes").names.filter { $0.hasSuffix(".toml") }
        return Theme.builtInNames + own.map { String($0.dropLast(".toml".count)) }
    }
}

/// The word that is being completed, in its command line.
struct CompletedWord {
    /// What is typed of it, without the shell's quotes.
    let prefix: String
    let machine: Machine
    private let words: [String]

    init(_ prefix: String, in words: [String], _ machine: Machine) {
        self.prefix = Self.plain(prefix)
        self.words = words.map(Self.plain)
        self.machine = machine
    }

    var looksLikePath: Bool { prefix.contains("/") || prefix.hasPrefix(".") || prefix.hasPrefix("~") }

    /// The folder of the project: the last one on the command line that has a mix.exs, or the current one.
    var project: FilePath {
        let folders = words.map { place($0) }.filter { $0.appending("mix.exs").leadsSomewhere }
        return folders.last ?? machine.currentDirectory
    }

    /// The files and folders whose paths start as the word does; a folder has a slash at its end.
    /// - Parameter kind: what is in front of the path in the word.
    func files(after kind: String = "") -> [String] {
        let path = prefix.dropFirst(kind.count)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let start = path.dropFirst(folder.count)
        let place = place(folder.isEmpty ? "." : folder)
        return place.names.filter { $0.hasPrefix(start) && ($0.hasPrefix(".") == start.hasPrefix(".")) }.map { name in
            kind + folder + name + (place.appending(name).isFolder ? "/" : "")
        }
    }

    private func place(_ text: String) -> FilePath {
        guard text.hasPrefix("~/"), let home = machine.environment["HOME"] else { return machine.absolute(text) }
        return machine.absolute(home + text.dropFirst())
    }

    /// The word without quotes and backslashes, which bash and zsh hand over as they were typed.
    private static func plain(_ word: String) -> String {
        var (result, isEscaped) = ("", false)
        for character in word {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                if isEscaped || !"'\"".contains(character) { result.append(character) }
                isEscaped = false
            }
        }
        return result
    }
}
