import ArgumentParser
import Diagnostics
import Lifecycle
import OCIImage
import SystemPackage

/// `mixpack buildpack`: mixpack's own buildpacks, for other platforms.
struct BuildpackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildpack", abstract: "Works with mixpack's own buildpacks.",
        subcommands: [BuildpackPackageCommand.self])
}

/// `mixpack buildpack package PLACE…`: the built-in buildpacks as ordinary CNB buildpacks.
struct BuildpackPackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Writes mixpack's buildpacks for pack, kpack and Tekton.",
        discussion: """
            PLACE is a folder, for one folder for each buildpack, or a place for a buildpackage: FILE.cnb, oci:DIR[:TAG], \
            oci-archive:FILE, docker-daemon:NAME:TAG or docker://REF. \
            The build image needs OpenSSL's libcrypto, and Erlang and Elixir or curl to fetch them. \
            Exit codes: 0 done, 3 usage, 62 a place cannot be written.
            """)

    @Argument(
        help: ArgumentHelp("Where to write; may be several places.", valueName: "place"),
        completion: Candidates.filesAndPlaces)
    var places: [String]

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp(
            "As pack's: image, for a name in a container engine, or file, for FILE.cnb. Places need none.",
            valueName: "image|file"))
    var format: PackageFormat?

    @Flag(help: "As pack's: names are those of images in registries.")
    var publish = false

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let packages = BuildpackPackages(wiring: wiring)
        let targets = try places.map { try place($0, machine) }
        for target in targets {
            do {
                try await packages.write(to: target).forEach { print($0) }
            } catch let error as Failure {
                throw error.code == .usage ? error : error.coded(.exportFailed)
            } catch {
                throw Failure(.exportFailed, "cannot write \(target): \(error)")
            }
        }
    }

    /// A place as it is, or a name by pack's rules.
    func place(_ text: String, _ machine: Machine) throws -> PackagePlace {
        switch (publish, format) {
        case (false, nil): return try PackagePlace(text, machine: machine)
        case (true, .file):
            throw Failure(
                .usage, "--publish is for images, not for --format file", advice: "leave one of the two out")
        case (false, .file):
            return .image(.layoutArchive(machine.absolute(text.hasSuffix(".cnb") ? text : text + ".cnb")))
        case (true, _): return .image(.registry(try BuildCommand.nameToBuild(text)))
        case (false, .image): return .image(.engine(try BuildCommand.nameToBuild(text)))
        }
    }
}

/// What `buildpack package` writes, in pack's words.
enum PackageFormat: String, ExpressibleByArgument, CaseIterable {
    case image, file
}
