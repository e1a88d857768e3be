import ArgumentParser
import Diagnostics
import Files
import SystemPackage

/// The project's folder: an argument, or pack's `--path`.
struct ProjectFolder: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The project's folder; the current one by default.", valueName: "dir"),
        completion: .directory)
    var dir: String?

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp("The project's folder, as an option.", valueName: "dir"), completion: .directory)
    var path: String?

    /// The folder; one that `--path` names need not exist, so that a command can say itself what it did not find.
    /// - Throws: `Failure` of code `usage` if the argument is not a folder, or another one than the option's.
    func place(_ machine: Machine) throws(Failure) -> FilePath {
        guard let dir else { return machine.absolute(path ?? ".") }
        let place = machine.absolute(dir)
        if let path, machine.absolute(path) != place {
            throw Failure(.usage, "\(dir) and --path \(path) are two folders", advice: "name one of them")
        }
        return try Self.checked(place, dir)
    }

    /// The folder, for a command that makes something for it.
    /// - Throws: `Failure` of code `usage` if there is no such folder.
    func existing(_ machine: Machine) throws(Failure) -> FilePath {
        try Self.checked(try place(machine), path.map { "--path \($0)" } ?? ".")
    }

    static func checked(_ place: FilePath, _ word: String) throws(Failure) -> FilePath {
        guard place.isFolder else {
            throw Failure(.usage, "\(word): no such folder", advice: "name the folder that contains mix.exs")
        }
        return place
    }
}
