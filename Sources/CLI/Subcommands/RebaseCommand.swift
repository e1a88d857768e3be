import ArgumentParser
import Diagnostics
import Lifecycle
import OCIImage

/// `mixpack rebase IMAGE --run-image PLACE`: the same layers on another run image, without a build.
struct RebaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebase", abstract: "Puts an image on another run image without building it again.",
        discussion: """
            IMAGE is a name in the image store, or a place where it is replaced: docker://REF, oci:DIR[:TAG], oci-archive:FILE, \
            docker-archive:FILE, docker-daemon:NAME:TAG. In a registry no layer of the image is fetched. \
            Exit codes: 0 done, 72 the images do not fit together (see --force).
            """)

    @Argument(
        help: ArgumentHelp("The image's name or place.", valueName: "image"), completion: Candidates.imagesAndPlaces)
    var image: String

    @Option(
        help: ArgumentHelp("The new run image; by default mixpack makes one from this machine.", valueName: "place"),
        completion: Candidates.imagesAndPlaces)
    var runImage: String?

    @Option(
        help: ArgumentHelp("Where else to write the image, besides the image store.", valueName: "place"),
        completion: Candidates.places)
    var output: [String] = []

    @Flag(help: "Push the image to the registry of its name.")
    var publish = false

    @Option(
        help: ArgumentHelp(
            "The image to rebase, which stays as it is; IMAGE is the new one's name.", valueName: "image"),
        completion: Candidates.images)
    var previousImage: String?

    @Option(
        help: ArgumentHelp("A folder for report.toml: name and digests of the image.", valueName: "dir"),
        completion: .directory)
    var reportOutputDir: String?

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    @Flag(help: "Rebase even if the run images do not fit together.")
    var force = false

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let file = try reportOutputDir.map {
            try ReportFile(in: machine.absolute($0), names: [try BuildCommand.nameToBuild(image)])
        }
        do {
            let report = try await Rebaser(services: wiring.services).rebase(try await request(wiring)) { print($0) }
            report.warnings.forEach { print("warning: \($0)") }
            let state = report.isUnchanged ? "was already on" : "is now on"
            print(
                "\(image) \(state) \(report.runImage): \(report.keptLayers) layers kept, digest \(report.digest)")
            lines(of: report.packages).forEach { print($0) }
            for other in report.others { lines(of: other).forEach { print($0) } }
            report.places.forEach { print("  at \($0)") }
            report.pushed.forEach { print("  pushed \($0.reference)") }
            try file?.write(image: report.image, pushed: report.pushed)
            if let silence = report.notLoaded {
                print(
                    "Not loaded into a container engine: \(silence.text)" + (silence.advice.map { "\n  \($0)" } ?? ""))
                if silence.severity == .error { throw ProgramExit(code: ExitCode.export) }
            }
        } catch let error as Failure where ExitCode.code(for: error) == ExitCode.ruleBroken {
            throw error.coded(.rebaseFailed)
        }
    }

    /// What changed in the run image.
    private func lines(of packages: [PackageChange]?) -> [String] {
        guard let packages else { return ["which packages of the run image changed is not known"] }
        return packages.isEmpty ? [] : ["packages of the run image that changed:"] + packages.map { "  \($0.text)" }
    }

    private func lines(of other: RebasedPlatform) -> [String] {
        let state = other.isUnchanged ? "was already on" : "is now on"
        let line =
            "the image for \(other.image.configuration.platform) \(state) \(other.runImage): \(other.keptLayers) layers kept, "
            + "digest \(other.image.digest)"
        return [line] + lines(of: other.packages)
    }

    /// An option's place.
    /// - Throws: `Failure` of code `usage`.
    private func place(_ text: String, _ wiring: Wiring) throws -> ImagePlace {
        do { return try ImagePlace(text).absolute(wiring.machine) } catch { throw error.coded(.usage) }
    }

    /// The run image, by a place or a name alone.
    /// - Throws: `Failure` of code `usage`.
    private func named(_ text: String) throws -> ImagePlace {
        do {
            return try NamedImage.place(text).absolute(Machine())
        } catch {
            throw Failure(.usage, "--run-image \(text): \(error.message)", advice: error.advice)
        }
    }

    /// What an archive calls the image.
    private static func name(_ place: ImagePlace) throws -> Reference {
        switch place {
        case .engine(let name), .registry(let name), .store(let name):
            try name.checkAsNew()
            return name
        case .layout(let path, _), .layoutArchive(let path), .dockerArchive(let path):
            return try (try? Reference((path.stem ?? "").lowercased())) ?? Reference("image")
        }
    }

    private func request(_ wiring: Wiring) async throws -> RebaseRequest {
        let runImage = try runImage.map(named)
        let outputs = try output.map { try place($0, wiring) }
        let own = (try? ImagePlace(image))?.absolute(wiring.machine)
        let name = try own.map(Self.name) ?? BuildCommand.nameToBuild(image)
        for line in [own, runImage].compactMap({ $0?.registryLine }) { print(line) }
        let found = try await wiring.images(at: previousImage ?? image)
        var request = RebaseRequest(name: name, image: found.image, blobs: found.blobs)
        request.images = found.images
        request.place = own
        request.runImage = runImage
        request.outputs = outputs + (publish ? [.registry(name)] : [])
        request.usesEngine = request.outputs.isEmpty
        request.forces = force
        return request
    }

    private typealias ExitCode = Lifecycle.ExitCode
}
