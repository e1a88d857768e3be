import ArgumentParser
import Diagnostics
import ImageTransports
import Lifecycle
import OCIImage

/// `mixpack index REF IMAGE…`: one name for the images of several platforms.
struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Pushes an index: one name for the images of several platforms.",
        discussion: """
            The images are pushed to the repository of REF, unless it has them. Each says itself for which platform it is. \
            Exit codes: 0 done, 3 usage, 62 the registry did not take it.
            """)

    @Argument(help: ArgumentHelp("The index's name in a registry.", valueName: "ref"))
    var reference: String

    @Argument(
        help: ArgumentHelp("The images' names in the image store, or places.", valueName: "image"),
        completion: Candidates.imagesAndPlaces)
    var images: [String]

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = Wiring(machine: machine, registries: registry.choices(machine))
        let name = try Self.name(reference)
        for place in [.registry(name)] + images.compactMap({ try? ImagePlace($0) }) {
            if let line = place.registryLine { print(line) }
        }
        var parts: [(image: Image, blobs: any BlobSource)] = []
        do {
            for image in images { parts.append(try await wiring.image(at: image)) }
        } catch let failure as Failure {
            throw failure.coded(.usage)
        }
        try Self.check(zip(images, parts.map(\.image.configuration.platform)).map { ($0, $1) })
        do throws(Failure) {
            let pushed = try await wiring.places.registry(name).writeIndex(parts)
            print("\(name.fullName): \(pushed.descriptor.digest)")
            for entry in pushed.index.manifests {
                print("  \(entry.platform?.description ?? ""): \(entry.digest)")
            }
            print("pushed \(name.fullRepository)@\(pushed.descriptor.digest)")
        } catch {
            throw error.coded(.exportFailed)
        }
    }

    /// The name of the index, with or without `docker://`.
    static func name(_ text: String) throws -> Reference {
        let plain = text.hasPrefix("docker://") ? String(text.dropFirst("docker://".count)) : text
        return try BuildCommand.nameToBuild(plain)
    }

    /// Refuses two images of one platform: whoever pulls could get either.
    static func check(_ images: [(name: String, platform: Platform)]) throws(Failure) {
        for (position, image) in images.enumerated() {
            guard let other = images[..<position].first(where: { $0.platform == image.platform }) else { continue }
            throw Failure(
                .usage, "\(other.name) and \(image.name) are both for \(image.platform)",
                advice: "an index has one image for each platform: leave one out")
        }
    }
}
