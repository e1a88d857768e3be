import ArgumentParser
import FoundationEssentials
import Glibc
import SystemPackage
import TOMLCoding

/// The options by which the user lets a project do what it may not do by itself.
struct ConsentOptions: ParsableArguments {
    @Flag(help: "Run the project's code without a sandbox where there is none.")
    var trustProject = false

    @Option(
        help: ArgumentHelp(
            "A file or folder outside the project that links in it may lead to.", valueName: "path"))
    var followLinks: [String] = []

    /// The files and folders that links may lead to: those of the flag, and `follow-links` of config.toml.
    /// - Throws: `ProgramExit` that names a path where nothing is.
    func openedPaths(_ machine: Machine) throws -> [FilePath] {
        let flags = try followLinks.map { try Self.opened($0, by: "--follow-links", machine) }
        return try flags
            + ConfigurationFile(machine: machine).followedLinks().map { path in
                try Self.opened(path, by: "config.toml, follow-links:", machine)
            }
    }

    /// Takes the flags into what the commands share.
    func apply(to wiring: inout Wiring) throws {
        if trustProject { wiring.trust.isGiven = true }
        wiring.openedPaths = try openedPaths(wiring.machine)
    }

    private static func opened(_ text: String, by source: String, _ machine: Machine) throws -> FilePath {
        let home = machine.environment["HOME"] ?? ""
        let path =
            text.hasPrefix("~/")
            ? FilePath(home).appending(FilePath(String(text.dropFirst(2))).components)
            : machine.absolute(text)
        guard let real = realpath(path.string, nil) else {
            throw ProgramExit.usage(
                "\(source) \(text): nothing is there", advice: "name a file or folder that links lead to")
        }
        defer { free(real) }
        return FilePath(String(cString: real))
    }
}
