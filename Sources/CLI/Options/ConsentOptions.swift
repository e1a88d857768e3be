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
            "A folder around the project to copy with it, for dependencies and links that lead there.",
            valueName: "dir"), completion: .directory)
    var context: String?

    @Flag(help: "Build a child of an umbrella alone; the umbrella is copied with it.")
    var child = false

    @Option(
        help: ArgumentHelp(
            "A program of yours that the build may run: a name on PATH, or a path.", valueName: "name|path"),
        completion: Candidates.tools)
    var tool: [String] = []

    @Option(
        help: ArgumentHelp(
            "A buildpack of others that gets the build's secrets; it builds with network. * is all of them.",
            valueName: "id"), completion: Candidates.buildpacks)
    var secretsFor: [String] = []

    /// Takes the flags, and `follow-links`, `contexts`, `tools` and `secrets-for` of config.toml, into what the commands share.
    /// - Throws: `Failure` that names a path of the flag where nothing is, or one of the file that is relative.
    func apply(to wiring: inout Wiring) throws {
        let machine = wiring.machine
        wiring.tools =
            try ConfigurationFile(machine: machine).tools()
            + tool.map { name in
                name.contains("/") && !name.hasPrefix("~/") ? machine.absolute(name).string : name
            }
        wiring.secretBuildpacks = try ConfigurationFile(machine: machine).secretBuildpacks() + secretsFor
        if trustProject { wiring.trust.isGiven = true }
        let flags = try followLinks.map { text in
            guard let real = machine.absolute(text).realPath else {
                throw Failure(
                    .usage, "--follow-links \(text): no such file or folder",
                    advice: "name a file or folder that links lead to")
            }
            return real
        }
        let file = ConfigurationFile(machine: machine)
        wiring.openedPaths = try flags + Self.kept(try file.paths("follow-links"), "follow-links", machine)
        wiring.contexts = ContextChoice(
            named: context.map(machine.absolute), isChildAlone: child,
            kept: try Self.kept(try file.paths("contexts"), "contexts", machine),
            home: machine.environment["HOME"].map { FilePath($0) })
    }

    /// The paths of config.toml; one that is not there now opens nothing, and is no reason to fail.
    private static func kept(_ paths: [String], _ key: String, _ machine: Machine) throws -> [FilePath] {
        try paths.compactMap { text in
            if text.hasPrefix("~/"), let home = machine.environment["HOME"] {
                return FilePath(home).appending(FilePath(String(text.dropFirst(2))).components).realPath
            }
            guard text.hasPrefix("/") else {
                throw Failure(
                    .usage, "config.toml: \(key): \(text) is relative", advice: "start it with / or ~/")
            }
            return FilePath(text).realPath
        }
    }
}
