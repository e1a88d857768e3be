import Console
import Diagnostics
import Files
import ImageTransports
import Lifecycle
import OCIImage
import SystemPackage

/// Copies images to other places: registries, archives, folders, engines.
///
/// What exists there stays unless it may go.
struct ImageSending: Sendable {
    let wiring: Wiring

    /// The engines that answer, by their places.
    func engines() async -> [String] { await EngineSearch(machine: wiring.machine).all().map(\.place) }

    /// The name of all images of an index, where one of them is shown by its digest.
    private func whole(_ source: String) -> String {
        guard let name = try? Reference(source), name.digest != nil,
            (try? wiring.images(named: name.plain)) ?? nil != nil
        else { return source }
        return name.plain
    }

    /// What is at a target and is not this image, in words; `nil` if the place is free or has the image already.
    func existing(_ source: String, at target: SendTarget) async throws -> String? {
        let source = whole(source)
        let image = try await wiring.image(at: source).image
        switch absolute(target) {
        case .engine(let place):
            return try await existing(image, as: try Reference(source), in: try await engine(at: place))
        case .place(.engine(let name)):
            guard case .found(let found) = await EngineSearch(machine: wiring.machine).find() else { return nil }
            return try await existing(image, as: name, in: found.engine)
        case .place(.layoutArchive(let file)), .place(.dockerArchive(let file)):
            return file.exists ? "\(file) already exists" : nil
        case .place(let place):
            guard let found = try await self.image(at: place), found.id != image.id else { return nil }
            return "\(place) is another image (\(found.id.short))"
        }
    }

    private func existing(_ image: Image, as name: Reference, in engine: ContainerEngine) async throws -> String? {
        let found = try await engine.imageID(of: name.description)
        guard let found, found != image.id, found != image.digest else { return nil }
        return "\(name.familiarName) is another image there (\(found.short))"
    }

    /// The image at a place; `nil` if there is none.
    private func image(at place: ImagePlace) async throws -> Image? {
        let source = try await wiring.places.source(place)
        do throws(Failure) {
            return try await source.image()
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Writes an image to a target, with those of other platforms that its name has, and gives the digest there.
    func send(_ source: String, to target: SendTarget, progress: BlobProgress?) async throws -> Digest {
        let source = whole(source)
        if let images = try wiring.images(named: source) {
            let held = try wiring.store.hold(images)
            let destination = try await destination(of: absolute(target), named: source)
            return try await destination.write(images, from: held, progress: progress).manifestDigest
        }
        let found = try await wiring.image(at: source)
        // The store's blobs stay while they are read, whatever happens to the name.
        let blobs: any BlobSource = found.blobs is ImageStore ? try wiring.store.hold(found.image) : found.blobs
        let destination = try await destination(of: absolute(target), named: source)
        return try await destination.write(found.image, from: blobs, progress: progress).manifestDigest
    }

    private func destination(of target: SendTarget, named source: String) async throws -> any ImageDestination {
        let name = try (try? Reference(source)) ?? Reference("image")
        switch target {
        case .place(let place): return try await wiring.places.destination(place, name: name)
        case .engine(let place):
            let engine = try await engine(at: place)
            let folder = wiring.store.root.appending("staging")
            return EngineImage(engine, name, temporaryFolder: folder, store: wiring.store)
        }
    }

    private func absolute(_ target: SendTarget) -> SendTarget {
        guard case .place(let place) = target else { return target }
        return .place(place.absolute(wiring.machine))
    }

    private func engine(at place: String) async throws(Failure) -> ContainerEngine {
        guard let found = await EngineSearch(machine: wiring.machine).all().first(where: { $0.place == place }) else {
            throw Failure(.notFound, "\(place) does not answer any more")
        }
        return found.found.engine
    }

    /// Gives an image a name that may have fields.
    /// - Returns: The name, or what has it already.
    func tag(_ source: String, _ text: String, project: FilePath, replaces: Bool) async throws -> TagResult {
        let image = try Reference(whole(source))
        let values = NameValues(of: project, release: nil, machine: wiring.machine)
        let name = try values.references([try NameTemplate(text)], of: image)[0]
        if !replaces, let old = try? wiring.store.image(for: name),
            old.digest != (try wiring.store.image(for: image))?.digest
        {
            return .taken(name)
        }
        try await ImageKeeping(wiring: wiring).tag(image, as: [name], replaces: true)
        return .tagged(name)
    }
}
