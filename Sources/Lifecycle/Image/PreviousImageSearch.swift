import Diagnostics
import OCIImage

/// Finds the image that a build keeps layers from: the one that was named, the store's of the same name, or, on a machine that
/// has none, the registry's that is about to be replaced.
struct PreviousImageSearch {
    let request: BuildRequest
    let services: PlatformServices
    let emit: EventEmitter

    init(_ request: BuildRequest, _ services: PlatformServices, _ emit: EventEmitter) {
        self.request = request
        self.services = services
        self.emit = emit
    }

    /// - Parameter own: the store's image of the same name.
    /// - Throws: `Failure` if the image that the user named cannot be read.
    func find(own: PreviousImage?) async throws -> PreviousImage? {
        if let named = request.previousImage { return try await find(named: named) }
        if let own { return own }
        let replaced = ImagePlace.registry(request.image)
        guard request.outputs.contains(replaced) else { return nil }
        do {
            guard let found = try await services.existing(replaced) else { return nil }
            emit(.notice("the previous image is \(replaced) (\(found.image.digest.short))"))
            return PreviousImage(found.image, blobs: found.blobs, at: replaced)
        } catch let error as Failure {
            // A push says the same, and then it counts.
            emit(.notice("cannot read the previous image: \(error.message); no layer is kept from it"))
            return nil
        }
    }

    private func find(named place: ImagePlace) async throws -> PreviousImage? {
        let places = [place] + (isPublished ? [place.inRegistry].compactMap(\.self) : [])
        do {
            for place in places {
                guard let found = try await services.existing(place) else { continue }
                return PreviousImage(found.image, blobs: found.blobs, at: place.isStore ? nil : place)
            }
        } catch let error as Failure {
            throw error.failing("cannot read the previous image \(place)", as: .analysisFailed)
        }
        // As the specification has it: there need not be one.
        emit(.notice("there is no previous image \(place), so no layer is kept from it"))
        return nil
    }

    private var isPublished: Bool { request.outputs.contains(where: \.isRegistry) }
}

extension ImagePlace {
    fileprivate var isStore: Bool { if case .store = self { true } else { false } }
    /// The same name in its registry, if this is a name of the store.
    fileprivate var inRegistry: ImagePlace? { if case .store(let name) = self { .registry(name) } else { nil } }
}
