import ArgumentParser
import Diagnostics
import Lifecycle

/// `mixpack sbom`: bills of materials, by pack's words.
struct SbomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom", abstract: "Works with the bills of materials of images.", shouldDisplay: false,
        subcommands: [SbomDownloadCommand.self])
}

/// `mixpack sbom download IMAGE`: the files that buildpacks and mixpack put into the image.
struct SbomDownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Writes the bills of materials that are in an image.",
        discussion: "They are in layers/sbom of the folder. Exit codes: 0 done, 3 no such image, or it has none.")

    @Argument(
        help: ArgumentHelp("The image's name or place.", valueName: "image"), completion: Candidates.imagesAndPlaces)
    var image: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder to write to; the current one by default.", valueName: "dir"),
        completion: .directory)
    var outputDir: String = "."

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let folder = machine.absolute(outputDir).appending("layers")
        do {
            let (found, blobs) = try await wiring.image(at: image)
            guard try await BillExport(of: found, blobs: blobs).write(to: folder) else {
                throw Failure(
                    .notFound, "\(image) has no bills of materials in it",
                    advice: "list what is in it: mixpack inspect \(image) --sbom")
            }
        } catch let failure as Failure {
            throw failure.coded(.usage)
        }
        print("wrote \(folder)/sbom")
    }
}
