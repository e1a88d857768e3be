import Diagnostics
import LayerArchive
import OCIImage

extension ContainerEngine {
    /// Loads an image and gives it a name, by `POST /images/load`; no file is written on the way.
    ///
    /// An image that the engine has already, by its ID, is only named.
    /// - Throws: `Failure` with the engine's own words.
    @discardableResult
    package func load(
        _ image: Image, from blobs: any BlobSource, as name: Reference, progress: BlobProgress? = nil
    ) async throws(Failure) -> WriteOutcome {
        if try await imageID(of: name.taggedName) == image.id {
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: true)
        }
        if try await imageID(of: image.id.description) == image.id {
            try await tag(image.id, as: name)
            return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
        }
        var request = endpoint.request("POST", "/images/load?quiet=1")
        request.headers = [("Content-Type", "application/x-tar")]
        request.body = try await DockerArchive.content(image, blobs, names: [name]).body
        request.progress = progress
        let response = try await send(request)
        if let error = Self.loadError(response.text) {
            throw Failure(.transport, "the engine at \(endpoint) did not load the image: \(error)")
        }
        guard try await imageID(of: name.taggedName) != nil else {
            throw Failure(.transport, "the engine at \(endpoint) took the image, but has none named \(name)")
        }
        return WriteOutcome(manifestDigest: image.digest, isUnchanged: false)
    }

    /// A load answers 200 even if it fails: the error is one of the lines of the answer.
    private static func loadError(_ text: String) -> String? {
        struct Line: Decodable { let error: String? }
        for line in text.split(whereSeparator: \.isNewline) {
            let found = try? CanonicalJSON.decode(Line.self, from: Array(line.utf8), what: "").error
            if let found { return String(found.prefix(300)) }
        }
        return nil
    }
}
