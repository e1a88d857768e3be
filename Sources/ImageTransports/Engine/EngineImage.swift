import Diagnostics
import OCIImage
import SystemPackage

/// An image of a container engine: `docker-daemon:NAME:TAG`.
///
/// Reading fetches the whole image once, into a file of the given folder that is removed with this value.
package actor EngineImage {
    private let engine: ContainerEngine
    private let name: Reference
    private let folder: FilePath
    private let store: ImageStore?
    private var fetched: Task<SavedImage, any Error>?

    /// Takes a name; `folder` is for the file that reading needs, `store` knows the images that were loaded before.
    package init(
        _ engine: ContainerEngine, _ name: Reference, temporaryFolder folder: FilePath, store: ImageStore? = nil
    ) {
        self.engine = engine
        self.name = name
        self.folder = folder
        self.store = store
    }

    private func archive() async throws(Failure) -> DockerArchive {
        let task = fetched ?? Task { [engine, name, folder] in try await engine.save(name, into: folder) }
        fetched = task
        do {
            return try await task.value.archive
        } catch {
            fetched = nil
            throw (error as? Failure) ?? Failure(.transport, "\(error)")
        }
    }
}

/// An image that was fetched, and the file it stands in.
private struct SavedImage: Sendable {
    let file: ScratchFile
    let archive: DockerArchive
}

extension EngineImage: ImageSource {
    package func image() async throws(Failure) -> Image { try await archive().image() }

    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        try await archive().blob(descriptor)
    }
}

extension EngineImage: ImageDestination {
    /// Loads the image under the name.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        try await engine.load(image, from: blobs, as: name, knownBy: store, progress: progress)
    }
}

extension ContainerEngine {
    /// Fetches an image into a new file, by `GET /images/NAME/get`.
    fileprivate func save(_ name: Reference, into folder: FilePath) async throws(Failure) -> SavedImage {
        let file = try ScratchFile(in: folder)
        var request = request("GET", "/images/\(name.taggedName)/get")
        request.file = file.path
        _ = try await send(request)
        return SavedImage(file: file, archive: DockerArchive(file.path, reference: name))
    }
}
