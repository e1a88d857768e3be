import ArgumentParser
import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import SystemPackage
import Text

/// `mixpack [PATH]`: the console on a project.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Opens the console on a project (default).",
        discussion: "Without a terminal it says which mixpack build to run.", shouldDisplay: false)

    @Argument(help: ArgumentHelp("The project's folder; the current one by default.", valueName: "path"))
    var path: String = "."

    @OptionGroup(title: "Build options, shown on Release and Secrets")
    var build: BuildOptions

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        let machine = Machine()
        let project = machine.absolute(path)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: project.string, isDirectory: &isFolder), isFolder else {
            throw Failure(
                .usage, "\(path) is neither a folder nor a command", advice: NearestCommand.advice(for: path))
        }
        guard display.resolved(machine) == .tui else {
            throw Failure(
                .usage, "the console needs a terminal",
                advice: "build without one: mixpack build \(ProjectInspection.imageName(project)) --path \(path)")
        }
        var wiring = Wiring(machine: machine, registries: build.registries(machine))
        wiring.platform = try build.platform.map(PlatformOption.readForBuild) ?? .current
        try build.consent.apply(to: &wiring)
        var request = try await build.request(
            image: try BuildCommand.reference(ProjectInspection.imageName(project)), project: project,
            secrets: SecretSources(machine: machine, runner: wiring.runner))
        request.selection.openedPaths = wiring.openedPaths
        try await ConsoleRun(wiring: wiring, display: display, watches: build.watch).run(.prepared(request))
    }
}

/// Finds the command that a mistyped word comes closest to.
enum NearestCommand {
    /// Refuses a first word that is neither a command nor a path but is followed by more: the parser would name only that.
    static func check(_ words: [String]) throws(Failure) {
        guard words.count > 1, let first = words.first, !first.hasPrefix("-"), !words[1].hasPrefix("-") else { return }
        let names = Mixpack.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(first), !FileManager.default.fileExists(atPath: first) else { return }
        throw Failure(.usage, "\(first) is neither a folder nor a command", advice: advice(for: first))
    }

    /// What to try instead of a word.
    static func advice(for word: String) -> String {
        let names = Mixpack.configuration.subcommands.compactMap { $0.configuration.commandName }
        let nearest = names.min { NearestWord.distance(word, $0) < NearestWord.distance(word, $1) }
        guard let nearest, NearestWord.distance(word, nearest) <= 2 else { return "mixpack --help lists the commands" }
        return "did you mean mixpack \(nearest)?"
    }
}
