import ArgumentParser
import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import SystemPackage
import Text

/// `mixpack [PATH]`: the console on a project.
struct ConsoleCommand: AsyncParsableCommand, HasDailyOptions {
    static let dailyOptions: Set = ["env", "secret", "release", "try-start", "output", "watch", "theme"]

    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Opens the console on a project (default).",
        usage: "mixpack [<path>] [<options>]",
        discussion: "Without a terminal, or with CI set, it says which mixpack build to run.", shouldDisplay: false)

    @Argument(
        help: ArgumentHelp("The project's folder; the current one by default.", valueName: "path"),
        completion: .directory)
    var path: String = "."

    @OptionGroup(title: "Build options, shown on Release and Secrets")
    var build: BuildOptions

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        var machine = Machine()
        machine.namedCache = try build.cache.compactMap { try CacheChoice($0).folder }.last.map(machine.absolute)
        let project = machine.absolute(path)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: project.string, isDirectory: &isFolder), isFolder else {
            throw Failure(
                .usage, "\(path) is neither a folder nor a command", advice: NearestCommand.advice(for: path))
        }
        let name = ProposedImageName.text(project)
        guard display.resolved(machine) == .tui else {
            let command = "mixpack build \(name) --path \(path)"
            throw machine.isCI && display.ui == .auto
                ? Failure(
                    .usage, "CI is set, so mixpack opens no console, and builds nothing",
                    advice: "build with: \(command)\n  or unset CI to get the console")
                : Failure(.usage, "the console needs a terminal", advice: "build without one: \(command)")
        }
        var wiring = Wiring(machine: machine, registries: build.registries(machine))
        wiring.platform = try build.runImagePlatform.map(PlatformOption.readForRunImage) ?? .current
        let network = try NetworkChoice(build.network)
        try await network.check(
            hasOthers: !(build.buildpack + build.preBuildpack + build.postBuildpack).isEmpty,
            wiring.runner.sandboxStatus)
        wiring.forbidsNetwork = network.isNone
        wiring.descriptor = build.descriptor.map(machine.absolute)
        try build.consent.apply(to: &wiring)
        var request = try await build.request(
            image: try BuildCommand.nameToBuild(name), project: project,
            secrets: SecretSources(machine: machine, runner: wiring.runner))
        request.forbidsNetwork = network.isNone
        request.selection.openedPaths = wiring.openedPaths
        request.secretBuildpacks = wiring.secretBuildpacks
        request.selection.context = try wiring.contexts.context(of: project)
        try await ConsoleRun(wiring: wiring, display: display, watches: build.watch).run(.prepared(request))
    }
}
