import Diagnostics
import OCIImage
import SystemPackage

/// Turns the places that people name into sources and destinations.
package struct ImagePlaces: Sendable {
    private let store: ImageStore
    private let engines: EngineSearch
    private let temporaryFolder: FilePath
    private let platform: Platform
    private let registries: RegistryImage.Options

    /// Takes what the places need.
    /// - Parameters:
    ///   - environment: where credentials are looked for.
    ///   - engines: finds the container engine.
    ///   - temporaryFolder: for what must be fetched whole; made where it is missing.
    ///   - platform: what is read where a place holds images for several; by default for this machine.
    ///   - registries: how registries are used; by default with TLS and the credentials that the environment leads to.
    package init(
        store: ImageStore, environment: [String: String], engines: EngineSearch, temporaryFolder: FilePath,
        platform: Platform = .current, registries: RegistryImage.Options? = nil
    ) {
        self.store = store
        self.engines = engines
        self.temporaryFolder = temporaryFolder
        self.platform = platform
        var options = registries ?? RegistryImage.Options(credentials: CredentialStore(environment: environment))
        options.platform = platform
        self.registries = options
    }

    /// The place to read an image from.
    /// - Throws: `Failure` of code `notFound` where an engine is named and none answers.
    package func source(_ place: ImagePlace) async throws(Failure) -> any ImageSource {
        switch place {
        case .layout(let path, let tag): LayoutDirectory(path, tag: tag, platform: platform)
        case .layoutArchive(let file): archive(file)
        case .dockerArchive(let file): DockerArchive(file, reference: nil, temporaryFolder: temporaryFolder)
        case .engine(let name): EngineImage(try await engine(), name, temporaryFolder: temporaryFolder)
        case .registry(let name): registry(name)
        case .store(let name): StorePlace(store, name)
        }
    }

    /// An image, or an index of images, in a tar of an OCI layout.
    package func archive(_ file: FilePath) -> LayoutArchive {
        LayoutArchive(file, reference: nil, platform: platform, temporaryFolder: temporaryFolder)
    }

    /// An image, or an index of images, of a registry.
    package func registry(_ name: Reference) -> RegistryImage {
        RegistryImage(name, options: registries, temporaryFolder: temporaryFolder)
    }

    /// The place to write an image to; `name` is what archives call it.
    /// - Throws: `Failure` of code `notFound` where an engine is named and none answers.
    package func destination(_ place: ImagePlace, name: Reference) async throws(Failure) -> any ImageDestination {
        switch place {
        case .layout(let path, let tag): LayoutDirectory(path, tag: tag)
        case .layoutArchive(let file): LayoutArchive(file, reference: name)
        case .dockerArchive(let file): DockerArchive(file, reference: name)
        case .engine(let name): EngineImage(try await engine(), name, temporaryFolder: temporaryFolder, store: store)
        case .registry(let name): registry(name)
        case .store(let name): StorePlace(store, name)
        }
    }

    private func engine() async throws(Failure) -> ContainerEngine {
        switch await engines.find() {
        case .found(let found): return found.engine
        case .silent(let silence): throw silence.failure
        }
    }
}
