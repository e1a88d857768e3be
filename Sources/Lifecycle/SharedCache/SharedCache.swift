import Diagnostics
import Files
import OCIImage
import SystemPackage

/// The cache that a build shares with other machines (`--cache-image`): read before the build, written after it.
///
/// Whatever is wrong with it is said, and the build goes on without.
struct SharedCache {
    let request: BuildRequest
    let services: PlatformServices
    let cache: ProjectCache
    let emit: EventEmitter

    private var shelves: CacheShelves { CacheShelves(root: services.cacheRoot, project: cache) }
    private var scratch: FilePath { services.cacheRoot.appending(Self.folder) }
    /// The folder for what is not done yet, beside the caches themselves.
    private static let folder = ".shared"

    /// Brings what the machine lacks.
    /// - Throws: `CancellationError` only.
    func restore() async throws {
        guard let place = request.cacheImage else { return }
        do {
            guard let found = try await services.existing(place) else {
                emit(.notice("the cache \(place) is not there yet"))
                return
            }
            HeldFolder.removeAbandoned(in: scratch)
            let outcome = try await CacheImport(shelves: shelves, scratch: scratch, fits: services.fits)
                .bring(try CacheImage(found.image, blobs: found.blobs))
            if !outcome.brought.isEmpty {
                emit(.notice("\(outcome.brought.count) entries taken from the cache \(place)"))
            }
            for problem in outcome.problems { warn("\(problem); it is made again", place) }
        } catch {
            guard let failure = error as? Failure, !Task.isCancelled else { throw error }
            warn("\(failure.message); the build goes on without it", place)
        }
    }

    /// Writes what this build used; nothing is sent if the cache has it.
    /// - Throws: `CancellationError` only.
    func store() async throws {
        guard let place = request.cacheImage else { return }
        do {
            let names = services.usedEntries(request.project, cache, request.variableValues) + shelves.layers()
            guard !names.isEmpty else { return }
            let old = try await replaced(place)
            let held = try HeldFolder(in: scratch)
            defer { held.remove() }
            let (image, blobs) = try CacheExport(shelves: shelves, scratch: held.path)
                .image(of: names, replacing: old)
            let name = try OwnImage.cache.reference("latest")
            if image.id == old?.image.id { return }
            try await services.destination(place, name).write(image, from: blobs, progress: nil)
            emit(.imageWritten(place: "\(place) (cache)"))
        } catch {
            guard let failure = error as? Failure, !Task.isCancelled else { throw error }
            emit(
                .diagnostic(
                    Diagnostic(.warning, "cannot write the cache \(place): \(failure.message)", advice: failure.advice))
            )
        }
    }

    /// The cache that is there now; `nil` for one that cannot be used.
    /// - Throws: `Failure` if it is an image and no cache: that is not replaced.
    private func replaced(_ place: ImagePlace) async throws -> CacheImage? {
        guard let found = try? await services.existing(place) else { return nil }
        guard found.image.configuration.config.labels[CacheImage.label] != nil else {
            _ = try CacheImage(found.image, blobs: found.blobs)
            return nil
        }
        return try? CacheImage(found.image, blobs: found.blobs)
    }

    private func warn(_ text: String, _ place: ImagePlace) {
        emit(
            .diagnostic(
                Diagnostic(
                    .warning, "the cache \(place): \(text)",
                    advice: "only what builds of yours wrote should be there: docs/publishing.md says who may write it")
            ))
    }
}
