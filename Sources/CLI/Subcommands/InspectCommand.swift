import ArgumentParser
import Console
import Diagnostics
import FoundationEssentials
import Lifecycle
import Materials
import OCIImage
import SystemPackage
import Text

/// `mixpack inspect IMAGE`: what is in an image.
struct InspectCommand: AsyncParsableCommand, HasDailyOptions {
    static let dailyOptions: Set = ["json", "packages", "sbom", "twice", "compare", "extract", "to", "ci", "ui"]

    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what is in an image: layers, configuration, labels.",
        discussion:
            """
            IMAGE is a name in the image store or a place: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, \
            docker-daemon:NAME:TAG, docker://REF. On a terminal this opens the Image screen. \
            Exit codes: 0 done, 1 the image breaks a rule of --ci, 3 no such image or file.
            """)

    @Argument(
        help: ArgumentHelp("The image's name or place.", valueName: "image"), completion: Candidates.imagesAndPlaces)
    var image: String

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print the applications in the image with their versions.")
    var packages = false

    @Flag(help: "Print all that the image is made of, for scanners.")
    var sbom = false

    @Option(
        help: ArgumentHelp("The format of --sbom: cyclonedx (default) or spdx.", valueName: "format"),
        completion: .list(MaterialsBill.Format.allCases.map(\.rawValue)))
    var sbomFormat: MaterialsBill.Format = .cycloneDX

    @Flag(help: "Print the files that have the same content, and what one copy of each would save.")
    var twice = false

    @Option(
        help: ArgumentHelp(
            "Print the files that differ from another image, or from the previous one: previous.", valueName: "image"),
        completion: Candidates.compared)
    var compare: String?

    @Option(
        help: ArgumentHelp("Write a file of the image to the current folder, or to --to.", valueName: "path"))
    var extract: String?

    @Option(
        help: ArgumentHelp("The folder or new file for --extract.", valueName: "dir|file"), completion: .file())
    var to: String?

    @OptionGroup(title: "Rules")
    var rules: RuleOptions

    @Option(
        help: ArgumentHelp("Platform to use from a multi-platform image: os/arch[/variant].", valueName: "platform"))
    var platform: String?

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    @OptionGroup(title: "Display options")
    var display: DisplayOptions

    mutating func run() async throws {
        let machine = Machine()
        var wiring = Wiring(machine: machine, registries: registry.choices(machine))
        wiring.platform = try platform.map(PlatformOption.read) ?? .current
        let images = OpenedImages(wiring: wiring)
        guard to == nil || extract != nil else {
            throw Failure(.usage, "--to needs --extract", advice: "name the file: --extract /path/in/the/image")
        }
        let isScreen = !json && display.resolved(machine) == .tui
        if !isScreen, let line = (try? ImagePlace(image))?.registryLine { StandardError.write(line) }
        do {
            if let extract {
                return print("wrote \(try await images.extract(extract, of: image, to: to.map(machine.absolute)))")
            }
            if rules.ci { return try await check(images, try rules.rules(machine)) }
            if let compare {
                let comparand: Comparand = compare == "previous" ? .previous : .image(compare)
                let text = ComparisonText(try await images.comparison(image, with: comparand))
                return print(json ? try text.json() : text.text)
            }
            if sbom {
                let document = try await images.materials(image).document(sbomFormat)
                return print(String(decoding: TerminalText.escapedJSON(document), as: UTF8.self))
            }
            if twice {
                let text = DuplicatesText(
                    try await images.duplicates(image), layers: try await images.open(image).layers)
                return print(json ? try text.json() : text.text)
            }
            if packages { return try await printPackages(images) }
            if isScreen {
                return try await ConsoleRun(wiring: wiring, display: display).run(.image(place: image))
            }
            let listed = platform == nil ? try await wiring.index(at: image) : nil
            if let listed {
                if !json { print(listed.text) }
                guard listed.hasOwn else { return json ? print(try ["index": listed.document].json()) : () }
            }
            let opened = try await images.open(image)
            let text = ImageText(
                opened, packages: try await images.packages(image), efficiency: try await images.efficiency(image))
            print(json ? try text.json(in: listed) : text.text)
        } catch let failure as Failure {
            throw failure.coded(.usage)
        }
    }

    private func check(_ images: OpenedImages, _ rules: EfficiencyRules) async throws {
        let report = EfficiencyReport(try await images.efficiency(image), rules)
        print(json ? try report.json() : report.text)
        if report.hasFailed { throw ProgramExit(code: Lifecycle.ExitCode.ruleBroken) }
    }

    private func printPackages(_ images: OpenedImages) async throws {
        for package in try await images.packages(image) {
            print("\(package.name) \(package.version)  \(package.origin)")
        }
    }
}

extension MaterialsBill.Format: ExpressibleByArgument {}
