import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SystemPackage

/// Gets the run image of a build: the one made from this machine, or the one that was named.
struct RunImageSource: Sendable {
    let wiring: Wiring

    private var machine: Machine { wiring.machine }
    private var store: ImageStore { wiring.store }

    /// The run image; its blobs stand in the store when this returns.
    func runImage(
        _ place: ImagePlace?, notice: @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        guard let place else { return try await machineImage(notice) }
        return try await named(place)
    }

    private func machineImage(_ notice: @Sendable (String) -> Void) async throws -> PlatformServices.RunImage {
        do {
            let toolchain = try Toolchain.discover(environment: machine.environment)
            let maker = MachineRunImage(
                erlangRoot: toolchain.erlangRoot, store: store, record: machine.cacheRoot.appending("run-image.json"),
                searchPath: machine.environment["PATH"] ?? "/usr/bin:/bin")
            let made = try await maker.image(notice: notice)
            return PlatformServices.RunImage(name: made.reference.description, image: made.image)
        } catch let error as MixError {
            throw BuildFailure(exitCode: error.exitCode, message: error.message, advice: error.advice)
        } catch let error as RunImageError {
            throw BuildFailure(
                exitCode: ExitCode.analyze, message: "the run image cannot be made: \(error.message)",
                advice: error.advice)
        }
    }

    /// Copies a named run image into the store, where builds take its layers from.
    private func named(_ place: ImagePlace) async throws -> PlatformServices.RunImage {
        let (image, blobs) = try await wiring.image(at: place.description)
        let transaction = try store.begin()
        do {
            try await transaction.addLayers(of: image, from: blobs)
            try await transaction.commit(
                image, as: [try Reference("mixpack.local/named-run-image:\(image.digest.short)")])
        } catch {
            transaction.cancel()
            throw error
        }
        return PlatformServices.RunImage(name: place.description, image: image)
    }
}
