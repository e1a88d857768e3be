import Glibc
public import OCIImage
public import SystemPackage

/// An image of a container engine: `docker-daemon:NAME:TAG`.
///
/// Reading fetches the whole image once, into a file of the given folder that is removed with this value.
public actor EngineImage {
    private let engine: ContainerEngine
    private let name: Reference
    private let folder: FilePath
    private var fetched: Task<DockerArchive, any Error>?

    /// Takes a name; `folder` is for the file that reading needs.
    public init(_ engine: ContainerEngine, _ name: Reference, temporaryFolder folder: FilePath) {
        self.engine = engine
        self.name = name
        self.folder = folder
    }

    deinit {
        guard let fetched else { return }
        Task { if let archive = try? await fetched.value { _ = unlink(archive.file.string) } }
    }

    private func archive() async throws(ImageError) -> DockerArchive {
        let task = fetched ?? Task { [engine, name, folder] in try await engine.save(name, into: folder) }
        fetched = task
        do {
            return try await task.value
        } catch {
            fetched = nil
            throw (error as? ImageError) ?? ImageError(.transport, "\(error)")
        }
    }
}

extension EngineImage: ImageSource {
    /// Reads the image of the name.
    public func image() async throws(ImageError) -> Image { try await archive().image() }

    /// Gives a layer.
    public func blob(_ descriptor: Descriptor) async throws(ImageError) -> BlobContent {
        try await archive().blob(descriptor)
    }
}

extension EngineImage: ImageDestination {
    /// Loads the image under the name.
    @discardableResult
    public func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(ImageError) -> WriteOutcome {
        try await engine.load(image, from: blobs, as: name, progress: progress)
    }
}

extension ContainerEngine {
    /// Fetches an image into a new file, by `GET /images/NAME/get`.
    func save(_ name: Reference, into folder: FilePath) async throws(ImageError) -> DockerArchive {
        let file = folder.appending("engine-\(getpid())-\(UInt64.random(in: .min ... .max)).tar")
        var request = endpoint.request("GET", "/images/\(name.taggedName)/get")
        request.file = file
        do throws(ImageError) {
            _ = try await send(request)
        } catch {
            _ = unlink(file.string)
            throw error
        }
        return DockerArchive(file, reference: name)
    }
}
