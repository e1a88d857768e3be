import ArgumentParser
import Diagnostics
import Files
import Lifecycle
import MixInspection
import OCIImage
import SystemPackage

/// `mixpack build [IMAGE] [DIR]`: the same words as pack's.
struct BuildCommand: AsyncParsableCommand, HasDailyOptions {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds an image from a mix project.",
        usage: "mixpack build [<image>] [<dir>] [<options>]",
        discussion: """
            A name may have a registry, as in localhost:5000/team/app:1.0. The image always goes to mixpack's own store; \
            without --output also to Docker or Podman, if one answers. \
            Commands for pack work too: mixpack build my-image --path . -e RELEASE=my_release
            """)

    /// The options that `mixpack help build` shows; `--help-all` shows the rest too.
    static let dailyOptions: Set = [
        "env", "secret", "release", "try-start", "output", "publish", "watch", "ui",
    ]

    @Argument(
        help: ArgumentHelp(
            "The image's name, such as my-app:1.0; by default the project's.", valueName: "image"),
        completion: Candidates.images)
    var image: String?

    @OptionGroup
    var folder: ProjectFolder

    @OptionGroup(title: "Build options")
    var build: BuildOptions

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        var machine = Machine()
        let project = try folder.existing(machine)
        let caches = try build.cache.map { try CacheChoice($0) }
        machine.namedCache = caches.compactMap(\.folder).last.map(machine.absolute)
        _ = try ConfigurationFile(machine: machine).downloads()
        var wiring = Wiring(machine: machine, registries: build.registries(machine))
        wiring.platform = try build.runImagePlatform.map(PlatformOption.readForRunImage) ?? .current
        let network = try NetworkChoice(build.network)
        wiring.forbidsNetwork = network.isNone
        wiring.descriptor = build.descriptor.map(machine.absolute)
        if build.quiet { display.ui = .quiet }
        try build.consent.apply(to: &wiring)
        let proposed = image == nil ? try proposedName(project) : nil
        var request = try await build.request(
            image: try BuildCommand.nameToBuild(image ?? proposed ?? ""), project: project,
            secrets: SecretSources(machine: machine, runner: wiring.runner))
        request.selection.openedPaths = wiring.openedPaths
        request.secretBuildpacks = wiring.secretBuildpacks
        request.cacheImage = request.cacheImage?.absolute(machine)
        request.previousImage = request.previousImage?.absolute(machine)
        request.selection.context = try wiring.contexts.context(of: project)
        // The console asks.
        let isAsked = display.resolved(machine) == .tui
        let umbrella = isAsked ? nil : try await UmbrellaOfChild(project, wiring: wiring)?.take(&request)
        let file = try ProjectFile(of: request.project, at: wiring.descriptor)
        try file.fill(&request, machine: machine)
        if build.labelFromGit {
            request.labels = try await GitLabels(wiring: wiring, project: request.project).notes() + request.labels
        }
        if build.publish {
            request.outputs += request.tags.map(ImagePlace.registry).filter { !request.outputs.contains($0) }
        }
        try file.tools(of: request.project, wiring: wiring).check()
        request.forbidsNetwork = network.isNone
        let hasOthers = PlannedOrder.hasOthers(request, wiring)
        try await network.check(hasOthers: hasOthers, wiring.runner.sandboxStatus)
        if build.writeReleases {
            try await ReleaseProposal(wiring: wiring, project: request.project).write { StandardError.write($0) }
        }
        let named = proposed.map { "no image name given, so the image is named after the project: \($0)" }
        let unseen =
            request.volumes.isEmpty || hasOthers
            ? nil : "--volume: only buildpacks given with -b, or of a builder, see volumes, and there are none"
        let notices =
            [named, umbrella, try build.builderNotice(machine), unseen].compactMap(\.self) + caches.compactMap(\.notice)
        let notice = notices.isEmpty ? nil : notices.joined(separator: "\n")
        let (reports, bills) = (
            build.reportOutputDir.map(machine.absolute), build.sbomOutputDir.map(machine.absolute)
        )
        if build.allReleases {
            try await AllReleases(
                wiring: wiring, request: request, display: display, notice: notice, reportFolder: reports,
                billFolder: bills
            ).run()
        } else {
            try await BuildRun(
                wiring: wiring, request: request, display: display, notice: notice, watches: build.watch,
                reportFolder: reports, billFolder: bills
            ).run()
        }
    }

    /// The name of an image that has none on the command line.
    /// - Throws: `Failure` of code `notMixProject` for a folder that only mixpack's own buildpacks would look at in vain: who
    ///   is in the wrong folder learns it before mixpack reads all of it.
    private func proposedName(_ project: FilePath) throws -> String {
        let hasOtherBuildpacks =
            !build.buildpack.isEmpty || build.builder != nil || build.descriptor != nil
            || project.appending("project.toml").leadsSomewhere
        if !hasOtherBuildpacks { _ = try MixInspector.staticLook(project) }
        return ProposedImageName.text(project)
    }

    /// Reads the name that an image is to get.
    /// - Throws: `Failure` of code `usage`, also for a digest: it names an image that is there.
    static func nameToBuild(_ text: String) throws -> Reference {
        let name = try reference(text)
        try name.checkAsNew()
        return name
    }

    /// Reads an image's name from the command line.
    static func reference(_ text: String) throws -> Reference {
        do {
            return try Reference(text)
        } catch {
            guard FilePath(text).isFolder else { throw error.coded(.usage) }
            throw Failure(
                .usage, "\(text) is a folder, not an image name",
                advice: "the folder comes second: mixpack build NAME \(text), or mixpack build --path \(text)")
        }
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
