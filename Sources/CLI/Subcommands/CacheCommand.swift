import ArgumentParser
import Diagnostics
import ElixirBuildpacks
import Files
import Lifecycle
import OCIImage
import SystemPackage

/// `mixpack cache`: takes what this machine compiled and fetched to another one.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Takes what was compiled and fetched to another machine.",
        discussion: """
            PLACE is a file, a folder, or an image place such as docker://REF. A build reads and writes such a cache itself with \
            --cache-image.
            """,
        subcommands: [CacheExportCommand.self, CacheImportCommand.self])
}

/// `mixpack cache export PLACE`: writes the cache.
struct CacheExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes the caches of this machine to a file, a folder or a registry.",
        discussion: "Exit codes: 0 done, 3 usage, 62 the place cannot be written.")

    @OptionGroup
    var options: CacheOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = options.wiring(machine)
        let place = try CachePlace.new(options.place, machine)
        if let line = place.registryLine { print(line) }
        let held = try HeldFolder(in: wiring.sharedFolder)
        defer { held.remove() }
        let shelves = options.shelves(wiring)
        let names = shelves.all()
        guard !names.isEmpty else {
            throw Failure(
                .usage, "there is nothing to write: no dependency was compiled here, and no toolchain fetched",
                advice: "build a project first")
        }
        do {
            let (image, blobs) = try CacheExport(shelves: shelves, scratch: held.path).image(of: names)
            let name = try OwnImage.cache.reference("latest")
            try await wiring.places.destination(place, name: name).write(image, from: blobs, progress: nil)
        } catch let failure as Failure {
            throw failure.failing("cannot write the cache \(place)", as: .exportFailed)
        }
        print("\(place): \(CacheText.count(names))")
    }
}

/// `mixpack cache import PLACE`: brings what this machine lacks.
struct CacheImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Brings what this machine lacks from a file, a folder or a registry.",
        discussion: """
            Only import what you or people whom you trust wrote: the entries are code that builds put into images. \
            Exit codes: 0 done, 1 some entries could not be used, 3 no such cache.
            """)

    @OptionGroup
    var options: CacheOptions

    mutating func run() async throws {
        let machine = Machine()
        let wiring = options.wiring(machine)
        let place = try CachePlace.existing(options.place, machine)
        if let line = place.registryLine { print(line) }
        let outcome: CacheImport.Outcome
        do {
            guard let found = try await wiring.existing(place) else {
                throw Failure(.notFound, "there is none")
            }
            outcome = try await CacheImport(
                shelves: options.shelves(wiring), scratch: wiring.sharedFolder, fits: ToolchainSupply.runsHere
            ).bring(try CacheImage(found.image, blobs: found.blobs))
        } catch let failure as Failure {
            throw failure.failing("cannot read the cache \(place)", as: .usage)
        }
        print(outcome.brought.isEmpty ? "nothing new in \(place)" : "\(place): \(CacheText.count(outcome.brought))")
        guard !outcome.problems.isEmpty else { return }
        throw Failure(
            .ruleBroken, "not usable: " + outcome.problems.joined(separator: "\n"),
            advice: "builds make these again; write the cache again on the machine that has them")
    }
}

/// What export and import are told.
struct CacheOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A file, a folder or an image place.", valueName: "place"),
        completion: Candidates.filesAndPlaces)
    var place: String

    @Option(
        help: ArgumentHelp(
            "A project whose cached layers go along, those of buildpacks of others.", valueName: "dir"),
        completion: .directory)
    var path: String?

    @OptionGroup(title: "Registry options")
    var registry: RegistryOptions

    func wiring(_ machine: Machine) -> Wiring { Wiring(machine: machine, registries: registry.choices(machine)) }

    func shelves(_ wiring: Wiring) -> CacheShelves {
        let root = wiring.machine.cacheRoot
        return CacheShelves(
            root: root, project: path.map { ProjectCache(project: wiring.machine.absolute($0), root: root) })
    }
}

/// Where a cache is: people name files and folders as such.
enum CachePlace {
    /// The tag of the cache in a folder.
    private static let tag = "cache"

    /// A place to write to: a name with an extension is a file.
    static func new(_ text: String, _ machine: Machine) throws -> ImagePlace {
        if let place = try? ImagePlace(text) { return place.absolute(machine) }
        let path = machine.absolute(text)
        if path.isFolder || (path.extension == nil && !path.isFile) { return .layout(path, tag: tag) }
        return .layoutArchive(path)
    }

    /// A place to read from.
    /// - Throws: `Failure` of code `usage` if there is no such file or folder.
    static func existing(_ text: String, _ machine: Machine) throws -> ImagePlace {
        if let place = try? ImagePlace(text) { return place.absolute(machine) }
        let path = machine.absolute(text)
        if path.isFolder { return .layout(path, tag: tag) }
        guard path.isFile else {
            throw Failure(
                .usage, "no file or folder \(path)",
                advice: "write one on the other machine: mixpack cache export \(path.lastComponent?.string ?? text)")
        }
        return .layoutArchive(path)
    }
}

/// Entries of a cache in words.
enum CacheText {
    /// How many of which kind.
    static func count(_ names: [String]) -> String {
        let kinds = CacheShelves.Kind.allCases.compactMap { kind -> String? in
            let count = names.filter { CacheShelves.kind(of: $0) == kind || $0 == kind.rawValue }.count
            guard count > 0 else { return nil }
            switch kind {
            case .dependencies: return count == 1 ? "1 compiled dependency" : "\(count) compiled dependencies"
            case .answers: return count == 1 ? "1 answer about a project" : "\(count) answers about projects"
            case .fetched: return count == 1 ? "1 entry of fetched packages" : "\(count) entries of fetched packages"
            case .toolchains: return count == 1 ? "1 toolchain" : "\(count) toolchains"
            case .helpers: return count == 1 ? "1 helper of a toolchain" : "\(count) helpers of toolchains"
            case .layers: return "the project's cached layers"
            }
        }
        return kinds.joined(separator: ", ")
    }
}
