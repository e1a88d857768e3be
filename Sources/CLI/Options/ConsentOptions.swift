import ArgumentParser
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// The options by which the user lets a project do what it may not do by itself.
struct ConsentOptions: ParsableArguments {
    @Flag(help: "Run the project's code even if there is no sandbox.")
    var trustProject = false

    @Option(
        help: ArgumentHelp(
            "A file or folder outside the project that its links may lead to.", valueName: "path"), completion: .file())
    var followLinks: [String] = []

    @Option(
        help: ArgumentHelp(
            "A program of yours that the build may run: a name on PATH, or a path.", valueName: "name|path"),
        completion: Candidates.tools)
    var tool: [String] = []

    /// Takes the flags, and `follow-links` and `tools` of config.toml, into what the commands share.
    /// - Throws: `Failure` that names a path of the flag where nothing is, or one of the file that is relative.
    func apply(to wiring: inout Wiring) throws {
        let machine = wiring.machine
        wiring.tools =
            try ConfigurationFile(machine: machine).tools()
            + tool.map { name in
                name.contains("/") && !name.hasPrefix("~/") ? machine.absolute(name).string : name
            }
        if trustProject { wiring.trust.isGiven = true }
        let flags = try followLinks.map { text in
            guard let real = machine.absolute(text).realPath else {
                throw Failure(
                    .usage, "--follow-links \(text): no such file or folder",
                    advice: "name a file or folder that links lead to")
            }
            return real
        }
        wiring.openedPaths = try flags + Self.kept(machine)
    }

    /// The paths of config.toml; one that is not there now opens nothing, and is no reason to fail.
    private static func kept(_ machine: Machine) throws -> [FilePath] {
        try ConfigurationFile(machine: machine).followedLinks().compactMap { text in
            if text.hasPrefix("~/"), let home = machine.environment["HOME"] {
                return FilePath(home).appending(FilePath(String(text.dropFirst(2))).components).realPath
            }
            guard text.hasPrefix("/") else {
                throw Failure(
                    .usage, "config.toml: follow-links: \(text) is relative", advice: "start it with / or ~/")
            }
            return FilePath(text).realPath
        }
    }
}
