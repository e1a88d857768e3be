import ArgumentParser
import Diagnostics
import FoundationEssentials
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage

/// `mixpack build IMAGE`: the same words as pack's.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds an image from a mix project.",
        discussion: """
            The image always goes to mixpack's own store; without --output also to Docker or Podman, if one answers. \
            Commands for pack work too: mixpack build my-image --path . -e RELEASE=my_release
            """)

    @Argument(
        help: ArgumentHelp("The image's name, for example my-image or localhost:5000/team/app:1.0.", valueName: "image")
    )
    var image: String

    @Option(help: ArgumentHelp("The project's folder; the current one by default.", valueName: "dir"))
    var path: String = "."

    @OptionGroup(title: "Build options")
    var build: BuildOptions

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        let machine = Machine()
        try BuildCommand.check(path, machine)
        _ = try ConfigurationFile(machine: machine).downloads()
        var wiring = Wiring(machine: machine, registries: build.registries(machine))
        wiring.platform = try build.platform.map(PlatformOption.readForBuild) ?? .current
        try build.consent.apply(to: &wiring)
        var request = try await build.request(
            image: try BuildCommand.reference(image), project: machine.absolute(path),
            secrets: SecretSources(machine: machine, runner: wiring.runner))
        request.selection.openedPaths = wiring.openedPaths
        let file = try ProjectFile(of: request.project)
        try file.fill(&request, builder: build.builder)
        try file.tools(of: request.project, wiring: wiring).check()
        if build.writeReleases {
            try await ReleaseProposal(wiring: wiring, project: request.project).write { StandardError.write($0) }
        }
        let notice = build.builderNotice
        if build.allReleases {
            try await AllReleases(wiring: wiring, request: request, display: display, notice: notice).run()
        } else {
            try await BuildRun(
                wiring: wiring, request: request, display: display, notice: notice, watches: build.watch
            ).run()
        }
    }

    /// Refuses a project's folder that is not there, before a cache is made for it.
    private static func check(_ path: String, _ machine: Machine) throws(Failure) {
        var isFolder = false
        let place = machine.absolute(path).string
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder else {
            throw Failure(.usage, "--path \(path): no such folder", advice: "name the folder that contains mix.exs")
        }
    }

    /// Reads an image's name from the command line.
    static func reference(_ text: String) throws -> Reference {
        do { return try Reference(text) } catch { throw error.coded(.usage) }
    }
}

/// The `releases:` entry that an umbrella lacks: shown as a diff, and written because a flag says yes.
struct ReleaseProposal {
    let wiring: Wiring
    let project: FilePath

    /// Writes it where the project has no releases; a project that has some stays as it is.
    /// - Parameter tell: takes the diff, before anything is written.
    func write(tell: (String) -> Void) async throws {
        let detection = await Detection.make(project, release: nil, wiring: wiring)
        guard let mix = detection.project, mix.kind == .umbrella, !mix.releases.contains(where: \.isDefined) else {
            return tell("mix.exs stays as it is: only an umbrella without releases needs an entry")
        }
        let edit = try MixFileEdit(addingReleaseTo: mix, in: project)
        tell(edit.difference)
        try edit.write()
    }
}
