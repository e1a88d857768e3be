import ArgumentParser
import Diagnostics
import FoundationEssentials
import SystemPackage

/// The project's folder: an argument, or pack's `--path`.
struct ProjectFolder: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The project's folder; the current one by default.", valueName: "dir"),
        completion: .directory)
    var dir: String?

    @Option(help: ArgumentHelp("The project's folder, as an option.", valueName: "dir"), completion: .directory)
    var path: String?

    /// The folder, whether or not it exists.
    /// - Throws: `Failure` of code `usage` if the argument and the option name two folders.
    func place(_ machine: Machine) throws(Failure) -> FilePath {
        let given = machine.absolute(dir ?? path ?? ".")
        if let dir, let path, machine.absolute(path) != given {
            throw Failure(.usage, "\(dir) and --path \(path) are two folders", advice: "name one of them")
        }
        return given
    }

    /// The folder, for a command that makes something for it.
    /// - Throws: `Failure` of code `usage` if there is no such folder.
    func existing(_ machine: Machine) throws(Failure) -> FilePath {
        let place = try place(machine)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: place.string, isDirectory: &isFolder), isFolder else {
            let word = dir ?? path.map { "--path \($0)" } ?? "."
            throw Failure(.usage, "\(word): no such folder", advice: "name the folder that contains mix.exs")
        }
        return place
    }
}
