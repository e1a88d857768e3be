import Diagnostics
import HTTP
import OCIImage

extension RegistryImage: ImageSource {
    /// Reads the image of the name; of an index the one for the platform.
    package func image() async throws(Failure) -> Image {
        if let keptImage { return keptImage }
        var document = try await manifest(reference.digest?.description ?? reference.tag ?? "latest", reference.digest)
        for _ in 0..<4 {
            guard document.type.isIndex else { break }
            let index = try CanonicalJSON.decode(
                ImageIndex.self, from: document.bytes, what: "the index of \(reference)")
            let entry = try index.manifest(for: options.platform)
            document = try await manifest(entry.digest.description, entry.digest)
        }
        guard document.type.isManifest || document.type.rawValue.isEmpty else {
            throw Failure(.unsupported, "\(reference) is a \(document.type)")
        }
        let manifest = try CanonicalJSON.decode(
            Manifest.self, from: document.bytes, what: "the manifest of \(reference)")
        let image = try Image(
            manifestBytes: document.bytes, configurationBytes: try await configuration(manifest.config))
        keep(image)
        return image
    }

    /// Fetches a blob into a file, unless it was fetched before.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        if let file = kept(descriptor.digest) { return .file(file.path, offset: 0, size: descriptor.size) }
        let file = try ScratchFile(in: folder)
        var request = HTTPRequest("GET", client.endpoint.url("blobs/\(descriptor.digest)"))
        request.file = file.path
        request.fileLimit = descriptor.size
        request.fileSHA256 = descriptor.digest.hex
        let response = try await client.send(request, actions: "pull")
        guard response.isSuccess else { throw client.refusal(response, .pull("blob \(descriptor.digest.short)")) }
        keep(file, for: descriptor.digest)
        return .file(file.path, offset: 0, size: descriptor.size)
    }

    private func configuration(_ descriptor: Descriptor) async throws(Failure) -> [UInt8] {
        let response = try await client.send(
            HTTPRequest("GET", client.endpoint.url("blobs/\(descriptor.digest)")), actions: "pull")
        // What has the digest is the configuration, whatever type a server gives it.
        let found = try Digest(of: response.body)
        guard response.isSuccess, !response.isWebPage || found == descriptor.digest else {
            throw client.refusal(response, .pull("configuration \(descriptor.digest.short)"))
        }
        return response.body
    }

    private func manifest(
        _ name: String, _ expected: Digest?
    ) async throws(Failure) -> (bytes: [UInt8], type: MediaType) {
        var request = HTTPRequest("GET", client.endpoint.url("manifests/\(name)"))
        let types: [MediaType] = [.manifest, .index, .dockerManifest, .dockerIndex]
        request.headers = [("Accept", types.map(\.rawValue).joined(separator: ", "))]
        let response = try await client.send(request, actions: "pull")
        guard response.isSuccess, !response.isWebPage else { throw client.refusal(response, .pull("image \(name)")) }
        let found = try Digest(of: response.body)
        let promised = response.contentDigest.flatMap { try? Digest($0) }
        for wanted in [expected, promised].compactMap(\.self) where wanted != found {
            throw Failure(.digestMismatch, "\(reference): the manifest is \(found), not \(wanted)")
        }
        let type = (response.headers["content-type"] ?? "").prefix { $0 != ";" }
        return (response.body, MediaType(rawValue: String(type)))
    }
}
