import ArgumentParser
import Diagnostics
import OCIImage

/// `mixpack images`: what the image store and the caches hold.
struct ImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Looks after the images of the image store, and the caches.",
        subcommands: [
            ImagesListCommand.self, ImagesTagCommand.self, ImagesCopyCommand.self, ImagesRemoveCommand.self,
            ImagesPruneCommand.self,
            ImagesVerifyCommand.self,
        ], defaultSubcommand: ImagesListCommand.self)
}

/// `mixpack images list`: names, digests, sizes, ages and origins.
struct ImagesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the images and the caches, with their sizes.",
        discussion: """
            "shared" is what other images have too; "own" is what removing the image frees, with the previous image that is \
            kept for comparing.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() async throws {
        let text = HoldingsText(try ImageKeeping(wiring: Wiring(machine: Machine())).holdings())
        print(json ? try text.json() : text.text)
    }
}

/// `mixpack images tag IMAGE NAME…`: more names for an image.
struct ImagesTagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Gives an image more names in the image store.")

    @Argument(help: ArgumentHelp("The image's name.", valueName: "image"), completion: Candidates.images)
    var image: String

    @Argument(help: ArgumentHelp("The new names.", valueName: "name"))
    var names: [String]

    @Flag(help: "Take a name away from another image.")
    var force = false

    mutating func run() async throws {
        let names = try names.map { try BuildCommand.reference($0) }
        try await ImageKeeping(wiring: Wiring(machine: Machine()))
            .tag(try BuildCommand.reference(image), as: names, replaces: force)
        for name in names { print("\(name.familiarName) is \(image) now") }
    }
}

/// `mixpack images copy IMAGE PLACE`: an image to a registry, an archive, a folder, an engine.
struct ImagesCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copies an image to a registry, an archive, a folder or a container engine.",
        discussion: "What is there and is another image stays, without --force.")

    @Argument(
        help: ArgumentHelp("The image's name or place.", valueName: "image"), completion: Candidates.imagesAndPlaces)
    var image: String

    @Argument(
        help: ArgumentHelp(
            "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:NAME:TAG or docker://REF.",
            valueName: "place"), completion: Candidates.places)
    var place: String

    @Flag(help: "Replace another image that is there.")
    var force = false

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let place: ImagePlace
        do { place = try ImagePlace(self.place).absolute(machine) } catch { throw error.coded(.usage) }
        let sending = ImageSending(wiring: Wiring(machine: machine, registries: registry.choices(machine)))
        for line in [try? ImagePlace(image), place].compactMap({ $0?.registryLine }) { print(line) }
        if !force, let existing = try await sending.existing(image, at: .place(place)) {
            throw Failure(.usage, existing, advice: "choose another place, or replace it with --force")
        }
        let image = image
        let digest = try await PlainOutput(machine).whileLive { line in
            try await sending.send(image, to: .place(place)) { done, total in
                line?.show("writing \(place)", done: done, of: total)
            }
        }
        print("\(place): \(digest)")
    }
}

/// `mixpack images verify [IMAGE…]`: reads every blob and compares it with its digest.
struct ImagesVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks that every image is what its digest says.",
        discussion: "Exit codes: 0 all are intact, 1 at least one is not, 3 usage.")

    @Argument(
        help: ArgumentHelp("The images' names in the image store; by default all.", valueName: "image"),
        completion: Candidates.images)
    var images: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() async throws {
        let store = Wiring(machine: Machine()).store
        let names = try images.map { try BuildCommand.reference($0) }
        var results: [Result] = []
        for reference in names.isEmpty ? store.names() : names {
            try Task.checkCancellation()
            let result = Result(image: reference.description, problems: try await store.problems(of: reference))
            results.append(result)
            if !json { print(result.text) }
        }
        if json { print(try results.json()) }
        let wrong = results.filter { !$0.problems.isEmpty }.count
        guard wrong > 0 else { return }
        throw Failure(
            .ruleBroken, "\(wrong) \(wrong == 1 ? "image is" : "images are") damaged",
            advice: "remove the files that are named above, and build or fetch each image again")
    }

    /// One image, and what is wrong with it.
    private struct Result: Encodable {
        var image: String
        var problems: [String]

        var text: String {
            (["\(image)  \(problems.isEmpty ? "ok" : "damaged")"] + problems.map { "  \($0)" }).joined(separator: "\n")
        }
    }
}
