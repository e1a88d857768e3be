import ArgumentParser
import Diagnostics
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// `mixpack verify IMAGE --path DIR`: builds a project again and compares what comes out with an image.
struct VerifyCommand: AsyncParsableCommand, HasDailyOptions {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Builds a project again and compares the result with an image.",
        usage: "mixpack verify <image> [<dir>] [<options>]",
        discussion: """
            The build starts from scratch, in a folder of its own: nothing that was compiled before is used. Give the options \
            that the image was built with. To check that images are whole without building: mixpack images verify. \
            Exit codes: 0 the same, 1 different, else those of a build.
            """)

    static let dailyOptions: Set = ["env", "secret", "release", "run-image", "json"]

    @Argument(
        help: ArgumentHelp("The image's name or place.", valueName: "image"), completion: Candidates.imagesAndPlaces)
    var image: String

    @OptionGroup
    var folder: ProjectFolder

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup(title: "Build options")
    var build: BuildOptions

    mutating func run() async throws {
        let machine = Machine()
        try checkOptions()
        let project = try folder.existing(machine)
        var wiring = Wiring(machine: machine, registries: build.registries(machine))
        guard try build.platform.map(PlatformOption.readForBuild)?.isEmpty ?? true else {
            throw Failure(
                .usage, "--platform: verify builds for this machine's platform", advice: "leave --platform out")
        }
        wiring.platform = try build.runImagePlatform.map(PlatformOption.readForRunImage) ?? .current
        try build.consent.apply(to: &wiring)
        let original = try await opened(wiring)
        var request = try await request(project, wiring)
        if request.runImage == nil { request.runImage = try RunImageOfImage(original.image).place }
        StandardError.write("building \(project) again, from scratch\n")
        let verification = try await Rebuild(wiring: wiring, request: request).compared(with: original)
        let text = VerificationText(image, verification)
        print(json ? try text.json() : text.text)
        if !verification.isSame { throw ProgramExit(code: Lifecycle.ExitCode.ruleBroken) }
    }

    /// Refuses what a build does with its image: this one is thrown away.
    private func checkOptions() throws(Failure) {
        let given = [
            ("--publish", build.publish), ("--output", !build.output.isEmpty), ("--tag", !build.tag.isEmpty),
            ("--publish-run-image", !build.publishRunImage.isEmpty), ("--attest", build.attest),
            ("--watch", build.watch),
            ("--all-releases", build.allReleases), ("--write-releases", build.writeReleases),
        ].filter(\.1)
        guard let first = given.first else { return }
        throw Failure(
            .usage, "\(first.0): verify only compares, and keeps no image",
            advice: first.0 == "--publish-run-image" ? "name the run image: --run-image docker://REF" : nil)
    }

    private func opened(_ wiring: Wiring) async throws -> ImageFiles {
        do {
            let (image, blobs) = try await wiring.image(at: image)
            return ImageFiles(image, blobs: blobs)
        } catch let failure as Failure {
            throw failure.coded(.usage)
        }
    }

    /// The request that `mixpack build` would make of the same options.
    private func request(_ project: FilePath, _ wiring: Wiring) async throws -> BuildRequest {
        let machine = wiring.machine
        var request = try await build.request(
            image: try Rebuild.name(), project: project, secrets: SecretSources(machine: machine, runner: wiring.runner)
        )
        request.selection.openedPaths = wiring.openedPaths
        request.secretBuildpacks = wiring.secretBuildpacks
        request.selection.context = try wiring.contexts.context(of: project)
        _ = try await UmbrellaOfChild(project, wiring: wiring)?.take(&request)
        let file = try ProjectFile(of: request.project)
        try file.fill(&request, machine: machine)
        if build.labelFromGit {
            request.labels = try await GitLabels(wiring: wiring, project: request.project).notes() + request.labels
        }
        try file.tools(of: request.project, wiring: wiring).check()
        request.tags = []
        request.usesEngine = false
        return request
    }
}

/// The run image that an image was built on, as its label names it.
struct RunImageOfImage {
    /// Where it is; `nil` for the one made from this machine.
    let place: ImagePlace?

    /// - Throws: `Failure` of code `usage` if it was read from a file, which its name does not say.
    init(_ image: Image) throws(Failure) {
        guard let name = ImageOrigins(of: image).runImage, let reference = try? Reference(name) else {
            place = nil
            return
        }
        guard reference.isOwn else {
            place = .registry(reference)
            return
        }
        guard !reference.repository.hasPrefix("file/") else {
            throw Failure(
                .usage, "the image's run image was read from a file",
                advice: "name the file: --run-image oci-archive:FILE, or the like")
        }
        place = nil
    }
}
