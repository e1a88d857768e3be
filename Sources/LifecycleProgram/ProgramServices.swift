import Diagnostics
import Files
import Glibc
import ImageTransports
import LayerArchive
import Lifecycle
import OCIImage
import SystemPackage

/// What a program reaches of the world: registries, or an engine at its socket, and a store for as long as it runs.
struct ProgramServices: Sendable {
    let environment: [String: String]
    let credentials: CredentialStore
    let insecureRegistries: Set<String>
    let scratch: FilePath
    let launcher: FilePath
    private let memory = RegistryMemory()

    private var store: ImageStore { ImageStore(root: scratch.appending("images")) }

    /// The services of the lifecycle's code.
    func services(_ form: ImageForm = ImageForm()) -> PlatformServices {
        let store = store
        var services = PlatformServices(
            version: ReferenceLifecycle.version, cacheRoot: scratch, environment: environment, launcher: launcher,
            store: store,
            runImage: { request, notice in try await self.runImage(request, in: store) },
            destination: { place, name in try await self.places(store).destination(place, name: name) },
            engine: { await self.engine(store) }, layoutCommand: nil,
            existing: { place in try await self.existing(place, store) },
            trusts: { _ in true }, runner: ContainerRunner(), now: Self.now)
        services.form = form
        return services
    }

    /// Copies a run image into the store, where builds take its layers from.
    private func runImage(
        _ request: PlatformServices.RunImageRequest, in store: ImageStore
    ) async throws -> PlatformServices.RunImage {
        guard let place = request.place else { throw Failure(.usage, "no run image", advice: "give -run-image") }
        let source = try await places(store).source(place)
        let image: Image
        do {
            image = try await source.image()
        } catch {
            throw error.failing("cannot read the run image \(place)", as: .analysisFailed)
        }
        let transaction = try store.begin()
        try await transaction.addLayers(of: image, from: source)
        let name = try OwnImage.namedRunImage.reference(image.digest.short)
        return PlatformServices.RunImage(
            place: place, held: try await transaction.commit(image, as: [name]))
    }

    private func existing(
        _ place: ImagePlace, _ store: ImageStore
    ) async throws -> (image: Image, blobs: any BlobSource)? {
        let source = try await places(store).source(place)
        do throws(Failure) {
            return (try await source.image(), source)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// The file of certificates to trust: a builder may be of any distribution.
    private var certificates: String? {
        if let named = environment["SSL_CERT_FILE"], !named.isEmpty { return named }
        return [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
        ].first { FilePath($0).leadsSomewhere }
    }

    private func places(_ store: ImageStore) -> ImagePlaces {
        var options = RegistryImage.Options(credentials: credentials)
        options.insecure = insecureRegistries
        options.certificates = certificates
        options.memory = memory
        return ImagePlaces(
            store: store, environment: environment, engines: engines, temporaryFolder: scratch.appending("fetched"),
            registries: options)
    }

    private func engine(_ store: ImageStore) async -> PlatformServices.EngineAnswer {
        switch await engines.find() {
        case .silent(let silence): return .silent(silence.failure, isNamed: true)
        case .found(let found):
            let folder = scratch.appending("fetched")
            return .answers(
                PlatformServices.Engine(command: found.command) { name in
                    EngineImage(found.engine, name, temporaryFolder: folder, store: store)
                })
        }
    }

    /// The engine that the platform gives, by default at Docker's own socket.
    private var engines: EngineSearch {
        let host = environment["DOCKER_HOST"] ?? ""
        let named = ["DOCKER_HOST": host.isEmpty ? "unix:///var/run/docker.sock" : host]
        return EngineSearch(EngineCandidates(environment: named, user: getuid()), isInstalled: { _ in false })
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
