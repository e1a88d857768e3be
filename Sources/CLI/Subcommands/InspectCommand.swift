import ArgumentParser
import Console
import FoundationEssentials
import Lifecycle
import OCIImage
import SystemPackage

/// `mixpack inspect IMAGE`: what is in an image.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what is in an image: layers, configuration, labels.",
        discussion:
            "IMAGE is a name of the image store or a place: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:NAME:TAG."
    )

    @Argument(help: ArgumentHelp("The image's name or place.", valueName: "image"))
    var image: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine)
        if !json && display.resolved(machine) == .tui {
            return try await ConsoleRun(wiring: wiring, display: display).image(image)
        }
        let opened: ImageContents
        do {
            opened = try await OpenedImages(wiring: wiring).open(image)
        } catch let failure as ConsoleFailure {
            throw ProgramExit.usage(failure.message, advice: failure.advice)
        }
        print(json ? try ImageText(opened).json() : ImageText(opened).text)
    }
}
