import Diagnostics
import HTTP
import OCIImage
import SystemPackage

/// An image of a registry: `docker://REF`, by the
/// [OCI distribution specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints).
///
/// What is fetched is checked against its digest as it comes in, and kept in a folder until this value goes.
package actor RegistryImage {
    /// How registries are used.
    package struct Options: Sendable {
        package var credentials: CredentialStore
        /// Registries that are used without TLS.
        package var insecure: Set<String> = []
        /// A file with more certificates to trust.
        package var certificates: String?
        /// When requests are sent again.
        package var retry = RetryPolicy()
        /// How plain layers are compressed on their way out.
        package var compression = MediaType.Compression.gzip
        /// What is read where a name leads to an index of images.
        package var platform = Platform.current
        /// How many blocks are compressed at once.
        package var threads = 2

        /// Creates options; by default with TLS alone, gzip, images for this machine, and two threads.
        package init(credentials: CredentialStore) { self.credentials = credentials }
    }

    let reference: Reference
    let client: RegistryClient
    let options: Options
    let folder: FilePath
    private var fetched: [Digest: ScratchFile] = [:]
    private var resolved: Image?

    /// Takes a name; `folder` is for what is fetched or compressed.
    package init(_ reference: Reference, options: Options, temporaryFolder folder: FilePath) {
        self.reference = reference
        self.options = options
        self.folder = folder
        client = RegistryClient(
            RegistryEndpoint(reference, insecure: options.insecure),
            http: HTTPClient(certificates: options.certificates), credentials: options.credentials,
            retry: options.retry)
    }
}

extension RegistryImage: ImageSource {
    /// Reads the image of the name; of an index the one for the platform.
    package func image() async throws(Failure) -> Image {
        if let resolved { return resolved }
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
        resolved = image
        return image
    }

    /// Fetches a blob into a file, unless it was fetched before.
    package func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        if let file = fetched[descriptor.digest] { return .file(file.path, offset: 0, size: descriptor.size) }
        let file = try ScratchFile(in: folder)
        var request = HTTPRequest("GET", client.endpoint.url("blobs/\(descriptor.digest)"))
        request.file = file.path
        request.fileLimit = descriptor.size
        request.fileSHA256 = descriptor.digest.hex
        let response = try await client.send(request, actions: "pull")
        guard response.isSuccess else { throw client.refusal(response, .pull("blob \(descriptor.digest.short)")) }
        fetched[descriptor.digest] = file
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

    /// A manifest or an index, and its type.
    func manifest(
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
        let type = MediaType(rawValue: String((response.headers["content-type"] ?? "").prefix { $0 != ";" }))
        return (response.body, type.isIndex || type.isManifest ? type : Self.ownType(response.body) ?? type)
    }

    /// The media type that a document says it has, or shows by what it holds: some servers send all as application/json.
    private static func ownType(_ document: [UInt8]) -> MediaType? {
        struct Document: Decodable {
            let mediaType: String?
            let manifests: [Item]?
            let layers: [Item]?
            struct Item: Decodable {}
        }
        guard let found = try? CanonicalJSON.decode(Document.self, from: document, what: "") else { return nil }
        if let type = found.mediaType { return MediaType(rawValue: type) }
        if found.manifests != nil { return .index }
        return found.layers != nil ? .manifest : nil
    }
}

extension RegistryImage: ImageDestination {
    /// Pushes the image: blobs the registry lacks first, several at once, and the manifest at the end.
    ///
    /// Plain layers are compressed, so the manifest is another one; image ID and diffIDs stay.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let upload = RegistryUpload(client: client, options: options, folder: folder)
        let pushed = try await upload.prepare(image, from: blobs)
        if try await upload.hasManifest(pushed.image, named: reference.layoutTag) {
            return WriteOutcome(manifestDigest: pushed.image.digest, isUnchanged: true)
        }
        try await upload.uploadBlobs(pushed, progress: progress)
        try await upload.putManifest(pushed.image, named: reference.layoutTag)
        return WriteOutcome(manifestDigest: pushed.image.digest, isUnchanged: false)
    }
}
