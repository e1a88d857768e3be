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
        /// Where registries are reached in place of their own names: hosts, with or without a port.
        package var addresses: [String: String] = [:]
        /// A file with more certificates to trust.
        package var certificates: String?
        /// When requests are sent again.
        package var retry = RetryPolicy()
        /// How plain layers are compressed on their way out.
        package var compression = MediaType.Compression.gzip
        /// What is read where a name leads to an index of images.
        package var platform = Platform.current
        /// What is known of registries already.
        package var memory = RegistryMemory()
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
            RegistryEndpoint(reference, insecure: options.insecure, addresses: options.addresses),
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
        options.memory.learn(image, in: client.endpoint)
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

    private func configuration(
        _ descriptor: Descriptor, actions: String = "pull"
    ) async throws(Failure) -> [UInt8] {
        let response = try await client.send(
            HTTPRequest("GET", client.endpoint.url("blobs/\(descriptor.digest)")), actions: actions)
        // What has the digest is the configuration, whatever type a server gives it.
        let found = try Digest(of: response.body)
        guard response.isSuccess, !response.isWebPage || found == descriptor.digest else {
            throw client.refusal(response, .pull("configuration \(descriptor.digest.short)"))
        }
        return response.body
    }

    /// A manifest or an index, and its type.
    func manifest(
        _ name: String, _ expected: Digest?, actions: String = "pull"
    ) async throws(Failure) -> (bytes: [UInt8], type: MediaType) {
        var request = HTTPRequest("GET", client.endpoint.url("manifests/\(name)"))
        let types: [MediaType] = [.manifest, .index, .dockerManifest, .dockerIndex]
        request.headers = [("Accept", types.map(\.rawValue).joined(separator: ", "))]
        let response = try await client.send(request, actions: actions)
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
    /// Plain layers are compressed, so the manifest is another one; image ID and diffIDs stay. Layers of the image that has
    /// the name now are neither compressed nor asked for again.
    @discardableResult
    package func write(
        _ image: Image, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let upload = RegistryUpload(client: client, options: options, folder: folder)
        let tag = reference.layoutTag
        var there: Image?
        if let digest = try await upload.registered(image, named: tag) {
            there = await registered(digest, for: image)
            if let there, try upload.foreseen(image, replacing: there)?.digest == digest {
                return WriteOutcome(
                    manifestDigest: digest, isUnchanged: true, manifestSize: Int64(there.manifestBytes.count))
            }
        }
        let pushed = try await upload.push(image, from: blobs, replacing: there, progress: progress)
        if try await upload.putManifest(pushed, named: tag) {
            options.memory.learn(pushed, in: client.endpoint)
            return Self.outcome(of: pushed)
        }
        // The registry has lost a blob since: all of them are asked for.
        options.memory.forget(client.endpoint)
        let again = try await upload.push(image, from: blobs, replacing: nil, progress: progress)
        guard try await upload.putManifest(again, named: tag) else {
            throw Failure(
                .transport, "\(client.place) says that it does not have a blob that was just sent",
                advice: "push again; if that does not help, ask whoever keeps the registry")
        }
        options.memory.learn(again, in: client.endpoint)
        return Self.outcome(of: again)
    }

    private static func outcome(of pushed: Image) -> WriteOutcome {
        WriteOutcome(
            manifestDigest: pushed.digest, isUnchanged: false, manifestSize: Int64(pushed.manifestBytes.count))
    }

    /// Pushes the images of several platforms and, under the name, the index of them.
    @discardableResult
    package func write(
        _ images: MultiPlatformImage, from blobs: any BlobSource, progress: BlobProgress?
    ) async throws(Failure) -> WriteOutcome {
        let pushed = try await writeIndex(images.images.map { ($0, blobs) }, progress: progress)
        var outcome = WriteOutcome(manifestDigest: pushed.descriptor.digest, isUnchanged: false)
        outcome.imageDigests = pushed.index.manifests.map(\.digest)
        return outcome
    }

    /// Pushes images and, under the name, an index of them; layers that several have are compressed and sent once.
    /// - Returns: the index as it is there.
    package func writeIndex(
        _ images: [(image: Image, blobs: any BlobSource)], progress: BlobProgress? = nil
    ) async throws(Failure) -> (index: ImageIndex, descriptor: Descriptor) {
        let upload = RegistryUpload(client: client, options: options, folder: folder)
        var index = ImageIndex()
        var last: Image?
        for (image, blobs) in images {
            let pushed = try await upload.push(image, from: blobs, replacing: last, progress: progress)
            last = pushed
            guard try await upload.putManifest(pushed, named: pushed.digest.description) else {
                throw Failure(.transport, "\(client.place) did not take the image for \(image.configuration.platform)")
            }
            var entry = pushed.descriptor
            entry.platform = image.configuration.platform
            index.manifests.append(entry)
        }
        let bytes = try CanonicalJSON.encode(index)
        let descriptor = try Descriptor(.index, of: bytes)
        try await upload.putIndex(bytes, descriptor, named: reference.layoutTag)
        return (index, descriptor)
    }

    /// The index that the name leads to; `nil` if it is an image.
    package func index() async throws(Failure) -> (index: ImageIndex, digest: Digest)? {
        let document = try await manifest(reference.digest?.description ?? reference.tag ?? "latest", reference.digest)
        guard document.type.isIndex else { return nil }
        let index = try CanonicalJSON.decode(ImageIndex.self, from: document.bytes, what: "the index of \(reference)")
        return (index, try Digest(of: document.bytes))
    }

    /// The image that has the name now; `nil` if it cannot be read, or says nothing of use.
    private func registered(_ digest: Digest, for image: Image) async -> Image? {
        if let known = options.memory.image(digest, in: client.endpoint) { return known }
        if digest == image.digest { return image }
        do throws(Failure) {
            let document = try await manifest(digest.description, digest, actions: "pull,push")
            guard document.type.isManifest else { return nil }
            let manifest = try CanonicalJSON.decode(Manifest.self, from: document.bytes, what: "")
            let configuration =
                manifest.config.digest == image.manifest.config.digest
                ? image.configurationBytes : try await configuration(manifest.config, actions: "pull,push")
            return try Image(manifestBytes: document.bytes, configurationBytes: configuration)
        } catch {
            return nil
        }
    }
}
