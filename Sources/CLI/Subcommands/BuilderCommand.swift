import ArgumentParser
import Builders
import Diagnostics
import Lifecycle
import OCIImage
import RunImages
import SystemPackage

/// `mixpack builder`: builder images.
struct BuilderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builder", abstract: "Makes builder images, and shows what is in one.",
        subcommands: [BuilderCreateCommand.self, BuilderInspectCommand.self])
}

/// `mixpack builder create PLACE…`: a builder image from builder.toml, or of mixpack's own buildpacks.
struct BuilderCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a builder image for mixpack, pack, kpack and Tekton.",
        discussion: """
            PLACE is a name in the image store, or oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, \
            docker-daemon:NAME:TAG, docker://REF. Without --config the builder has mixpack's own buildpacks. The build and \
            the run image that nothing names are made from this machine; where PLACE is docker://R:T, the run image is \
            pushed as R-run:T. \
            Exit codes: 0 done, 3 usage or builder.toml, 12 an API that is not supported, 22 a composite contains itself, \
            62 a place cannot be written.
            """)

    @Argument(
        help: ArgumentHelp("Where to write; may be several places.", valueName: "place"), completion: Candidates.places)
    var places: [String]

    @Option(
        name: [.customShort("c"), .long], help: ArgumentHelp("builder.toml, as pack reads it.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        help: ArgumentHelp("The image that builds run in, in place of builder.toml's.", valueName: "place"),
        completion: Candidates.imagesAndPlaces)
    var buildImage: String?

    @Option(
        help: ArgumentHelp("The image that applications run on, in place of builder.toml's.", valueName: "place"),
        completion: Candidates.imagesAndPlaces)
    var runImage: String?

    @Option(
        help: ArgumentHelp(
            "Make both images from debian:bookworm or debian:trixie, by the machine's package mirror.",
            valueName: "suite"),
        completion: .list(DebianSuite.allCases.map { "debian:\($0)" }))
    var from: String?

    @Option(help: ArgumentHelp("Another name by which the run image can be pulled.", valueName: "ref"))
    var mirror: [String] = []

    @Option(
        help: ArgumentHelp(
            "A release of the reference lifecycle, a lifecycle image, or mixpack.", valueName: "file|place"),
        completion: Candidates.filesAndPlaces)
    var lifecycle: String?

    @Option(
        help: ArgumentHelp("A label of the image; may be repeated.", valueName: "name=value"))
    var label: [String] = []

    @Flag(help: "Push the builder to the registry of its name.")
    var publish = false

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let targets = try places.flatMap { try self.targets($0, machine) }
        for target in targets { if let line = target.registryLine { print(line) } }
        if from != nil, buildImage != nil, runImage != nil {
            throw Failure(
                .usage, "--from makes the images that --build-image and --run-image name", advice: "leave it out")
        }
        let creation = BuilderCreation(
            wiring: wiring, file: config.map(machine.absolute), buildImage: buildImage, runImage: runImage,
            mirrors: mirror, lifecycle: lifecycle, stack: try StackSource.Origin(from), isStackAsked: from != nil,
            labels: try labels())
        let made = try await creation.make(for: targets) { StandardError.write($0) }
        lines(of: made).forEach { print($0) }
        for name in made.runImagePushes { try await push(made, as: name, creation) }
        for target in targets {
            if case .store(let name) = target {
                print("\(name.familiarName): \(made.image.image.digest)")
                continue
            }
            do {
                print("\(target): \(try await creation.write(made.image, to: target))")
            } catch let error as Failure {
                throw error.code == .usage ? error : error.coded(.exportFailed)
            }
        }
    }

    /// The run image goes first: a builder never names one that is not there.
    private func push(_ made: BuilderCreation.Made, as name: Reference, _ creation: BuilderCreation) async throws {
        guard let image = made.runImage else { return }
        let place = ImagePlace.registry(name)
        if let line = place.registryLine { print(line) }
        do { print("\(place): \(try await creation.write(image, to: place))") } catch let error as Failure {
            throw error.code == .usage ? error : error.coded(.exportFailed)
        }
    }

    private func labels() throws(Failure) -> [String: String] {
        var labels: [String: String] = [:]
        for text in label {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[0].hasPrefix("io.buildpacks.") else {
                throw Failure(
                    .usage, "--label \(text) is not a label",
                    advice: "give NAME=VALUE; names that begin with io.buildpacks. are the platforms' own")
            }
            labels[parts[0]] = parts[1]
        }
        return labels
    }

    /// What the builder was made of.
    private func lines(of made: BuilderCreation.Made) -> [String] {
        let recipe = made.recipe
        let images = recipe.runImages.map { ([$0.image] + $0.mirrors).joined(separator: ", ") }
        return [
            "build image  \(recipe.buildImageName), \(recipe.buildImage.digest)",
            "run image    \(images.joined(separator: "; "))",
            "lifecycle    \(recipe.lifecycle.facts.version) from \(recipe.lifecycle.origin)",
            "buildpacks   " + recipe.buildpacks.map(\.module.title).sorted().joined(separator: ", "),
        ]
    }

    /// The places of one argument: a name goes to the store, with --publish to its registry too.
    private func targets(_ text: String, _ machine: Machine) throws -> [ImagePlace] {
        let place: ImagePlace
        do { place = try NamedImage.place(text).absolute(machine) } catch { throw error.coded(.usage) }
        if let name = place.name {
            do { try name.checkAsNew() } catch { throw error.coded(.usage) }
        }
        guard publish else { return [place] }
        guard case .store(let name) = place else {
            throw Failure(.usage, "--publish is for a name, and \(text) is a place", advice: "leave one of the two out")
        }
        return [place, .registry(name)]
    }
}

/// `mixpack builder inspect PLACE`: what a builder image has.
struct BuilderInspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows the stack, run images, lifecycle, buildpacks and order of a builder.",
        discussion: """
            PLACE is a name, looked for in the image store, the engine and its registry, or a place: oci:DIR[:TAG], \
            oci-archive:FILE, docker-archive:FILE, docker-daemon:NAME:TAG, docker://REF. \
            Exit codes: 0 done, 3 there is no builder.
            """)

    @Argument(
        help: ArgumentHelp("The builder's name or place.", valueName: "place"), completion: Candidates.imagesAndPlaces)
    var place: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        do {
            let named = try NamedImage.place(place).absolute(machine)
            let found = await wiring.located(named) { StandardError.write($0) }
            guard let image = try await wiring.existing(found)?.image else {
                throw Failure(.notFound, "no builder at \(found): there is no such image")
            }
            let text = BuilderText(name: place, image: image, labels: try BuilderLabels(of: image, named: place))
            print(json ? try text.json() : text.text)
        } catch let error as Failure {
            throw error.coded(.usage)
        }
    }
}
