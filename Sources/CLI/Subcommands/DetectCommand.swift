import ArgumentParser
import Commands
import FoundationEssentials
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage

/// `mixpack detect`: what would be built, and why.
struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Shows what a build would do, and why; builds nothing.",
        discussion: """
            Evaluates mix.exs in a bare VM; fetches and compiles nothing. Runs bin/detect of buildpacks that -b or project.toml \
            names. Exit codes: 0 it can be built, 3 a build would refuse it, 20 not a mix project, or no buildpack takes part, \
            21 none does and one failed, 22 it cannot be planned.
            """)

    @OptionGroup
    var folder: ProjectFolder

    @Option(
        help: ArgumentHelp("The release to plan, if the project has several.", valueName: "name"),
        completion: Candidates.releases)
    var release: String?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("A build variable, as in mixpack build.", valueName: "name[=value]"))
    var env: [String] = []

    @Option(help: ArgumentHelp("A file of NAME=VALUE lines.", valueName: "file"), completion: .file())
    var envFile: [String] = []

    @Option(
        name: [.customShort("d"), .long],
        help: ArgumentHelp("A file to read in place of the project's project.toml.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var descriptor: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A buildpack, as in mixpack build; the order counts.", valueName: "dir|id"),
        completion: Candidates.buildpacks)
    var buildpack: [String] = []

    @Option(
        name: [.customShort("B"), .long],
        help: ArgumentHelp("The builder, as in mixpack build.", valueName: "host|ref|place"),
        completion: Candidates.builders)
    var builder: String?

    @OptionGroup(title: "What a project may do")
    var consent: ConsentOptions

    @Flag(help: "Run the detect of all buildpacks, and show the build plan.")
    var plan = false

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() async throws {
        let machine = Machine()
        let project = try folder.place(machine)
        var wiring = Wiring(machine: machine)
        try consent.apply(to: &wiring)
        wiring.descriptor = descriptor.map(machine.absolute)
        var asked = BuildRequest(image: try Reference(ProposedImageName.text(project)), project: project)
        asked.give(try EnvironmentFile.variables(files: envFile, options: env, machine.environment))
        asked.release = release ?? asked.release
        asked.buildpacks = buildpack.map(BuildpackChoice.init)
        async let engine = Wiring(machine: machine).engine()
        var detection = await Detection.make(
            project, release: asked.release, given: asked.buildpacks, builder: builder, variables: asked.variables,
            wiring: wiring)
        detection.engine = Detection.Engine(await engine)
        await BuildpackDetection(asked: asked, builder: builder, wiring: wiring, isWanted: plan).complete(&detection)
        let text = json ? try detection.json() : DetectionText(detection, showsPlan: plan).text
        print(detection.exitCode == nil ? text : CommandLineMask.own.masked(text))
        if let code = detection.exitCode { throw ProgramExit(code: code) }
    }
}
