import BuildpackAPI
import Diagnostics
import Glibc
import Lifecycle
import MixInspection
import OCIImage
import RunImages
import SystemPackage
import Toolchains

/// Gets the run image of a build: the one made from this machine, or the one that was named.
struct RunImageSource: Sendable {
    let wiring: Wiring

    private var machine: Machine { wiring.machine }
    private var store: ImageStore { wiring.store }

    /// The run image; its blobs stand in the store when this returns.
    func runImage(
        _ request: PlatformServices.RunImageRequest, notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        guard let place = request.place else { return try await machineImage(request, notice) }
        let runImage = try await named(place, notice)
        // A rebase compares the two images itself.
        if request.project != nil { try check(runImage.image.configuration.platform, of: place) }
        return runImage
    }

    private func machineImage(
        _ request: PlatformServices.RunImageRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        do {
            let toolchain = try await toolchain(request, notice)
            let needsBash = request.needsBash
            // Processes of external buildpacks may run in a shell, and releases of plain mix start epmd.
            let maker = MachineRunImage(
                erlangRoot: toolchain.erlangRoot, store: store,
                record: machine.cacheRoot.appending(needsBash ? "run-image-bash.json" : "run-image.json"),
                searchPath: machine.environment["PATH"] ?? "/usr/bin:/bin",
                moreTools: needsBash ? ["bash", "epmd"] : [])
            let made = try await maker.image(notice: notice)
            return PlatformServices.RunImage(name: made.reference.description, image: made.image) { layers in
                // The image is made of what the runtime's files need; they are all but all of the layer `base`.
                try await fit(of: layers.filter { $0.lastComponent != "base" }, in: made.image)
            }
        } catch let error as Failure where ExitCode.code(for: error) == ExitCode.ruleBroken {
            throw error.failing("cannot make the run image", as: .analysisFailed)
        }
    }

    /// The Erlang that the image is to fit: where the project asks for one that is not there, it is fetched now.
    private func toolchain(
        _ request: PlatformServices.RunImageRequest, _ notice: @escaping @Sendable (String) -> Void
    ) async throws -> Toolchain {
        guard let project = request.project else { return try Toolchain.discover(environment: machine.environment) }
        return try await wiring.toolchain(of: project, variables: request.variables).provide(notice: notice)
    }

    /// Copies a named run image into the store, where builds take its layers from.
    private func named(
        _ place: ImagePlace, _ notice: @Sendable (String) -> Void
    ) async throws -> PlatformServices.RunImage {
        if case .registry = place { notice("looking for the run image at \(place)") }
        let image = try await wiring.imported(place, as: "named-run-image")
        return PlatformServices.RunImage(name: place.description, image: image) { try await fit(of: $0, in: image) }
    }

    /// Another processor's image is refused before anything is built for it.
    private func check(_ platform: Platform, of place: ImagePlace) throws(Failure) {
        let own = wiring.platform
        let isFit =
            platform.os == own.os && (platform.architecture.isEmpty || platform.architecture == own.architecture)
        guard !isFit else { return }
        throw Failure(
            .analysisFailed, "the run image \(place) is for \(platform), releases built here run on \(own)",
            advice: "use a run image for \(own), or leave --run-image out to use one made from this machine")
    }

    /// What the layers need and the image does not have.
    private func fit(of layers: [FilePath], in image: Image) async throws -> [Diagnostic] {
        do {
            // Programs of foreign buildpacks need none of what the scripts of a release call.
            let hasRelease = layers.contains { access($0.appending("releases/start_erl.data").string, F_OK) == 0 }
            return try await RunImageCheck(image, blobs: store).findings(for: layers)
                .filter { hasRelease || ![.tool, .locale].contains($0.kind) }.map(\.diagnostic)
        } catch let error as Failure {
            throw error.failing("cannot compare the release with the run image", as: .exportFailed)
        }
    }
}

extension RunImageFinding {
    /// The finding as a build tells it.
    fileprivate var diagnostic: Diagnostic { Diagnostic(isFatal ? .error : .warning, message, advice: advice) }
}
