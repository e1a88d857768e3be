import Diagnostics
import Files
import HTTP
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage

struct RegistryUpload: Sendable {
    let client: RegistryClient
    let options: RegistryImage.Options
    let folder: FilePath

    /// An image as it goes out, and where its blobs are.
    struct Prepared: Sendable {
        var image: Image
        var blobs: [(descriptor: Descriptor, content: BlobContent)]
        /// Keeps the compressed layers.
        var files: [ScratchFile]
    }

    /// Compresses what is plain, unless it is to stay so.
    func prepare(_ image: Image, from blobs: any BlobSource) async throws(Failure) -> Prepared {
        var manifest = image.manifest
        var prepared = Prepared(image: image, blobs: [], files: [])
        for (index, layer) in image.manifest.layers.enumerated() {
            let content = try await blobs.blob(layer)
            guard layer.mediaType.compression == MediaType.Compression.none, let method else {
                prepared.blobs.append((layer, content))
                continue
            }
            let file = try ScratchFile(in: folder)
            let packed = try compress(content, method, to: file.path)
            manifest.layers[index] = packed
            prepared.blobs.append((packed, .file(file.path, offset: 0, size: packed.size)))
            prepared.files.append(file)
        }
        if manifest != image.manifest {
            // What is compressed here is of OCI's types, and clients refuse a manifest of both kinds.
            manifest = manifest.ociManifest
            prepared.blobs = prepared.blobs.map { ($0.descriptor.ociDescriptor, $0.content) }
            prepared.image = try Image(
                manifestBytes: try CanonicalJSON.encode(manifest), configurationBytes: image.configurationBytes)
        }
        prepared.blobs.append((image.manifest.config, .bytes(image.configurationBytes)))
        return prepared
    }

    /// Whether the name leads to this very manifest already.
    /// - Throws: `Failure` where a web page is the answer: nothing is sent to such a place.
    func hasManifest(_ image: Image, named tag: String) async throws(Failure) -> Bool {
        let response = try await client.send(manifestRequest("HEAD", image, tag), actions: "pull,push")
        guard response.status != 401, !response.isWebPage else {
            throw client.refusal(response, .push("manifest \(tag)"))
        }
        return response.status == 200 && response.contentDigest == image.digest.description
    }

    /// Uploads what the registry lacks, three blobs at once.
    func uploadBlobs(_ prepared: Prepared, progress: BlobProgress?) async throws(Failure) {
        let sum = ProgressSum(total: prepared.blobs.reduce(0) { $0 + $1.descriptor.size }, progress)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, blob) in prepared.blobs.enumerated() {
                    if index >= 3 { try await group.next() }
                    group.addTask {
                        try await upload(blob.descriptor, blob.content)
                        sum.add(blob.descriptor.size)
                    }
                }
                try await group.waitForAll()
            }
        } catch {
            throw (error as? Failure) ?? Failure(.transport, "cancelled")
        }
    }

    /// Gives the manifest its name: the image is there from now on.
    ///
    /// The specification's answer is 201. What the registry does not say itself, under its digest, is read back.
    func putManifest(_ image: Image, named tag: String) async throws(Failure) {
        var request = HTTPRequest("PUT", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Content-Type", image.descriptor.mediaType.rawValue)]
        request.body = JoinedContent(.bytes(image.manifestBytes)).body
        let response = try await client.send(request, actions: "pull,push")
        let asked = RegistryClient.Asked.push("manifest \(tag)")
        guard response.isSuccess, !response.isWebPage else { throw client.refusal(response, asked) }
        if let found = response.contentDigest, found != image.digest.description {
            throw client.mismatch(found, image.digest, asked)
        }
        if response.status == 201, response.contentDigest != nil { return }
        try await checkManifest(image, named: tag)
    }

    /// Reads a manifest that was taken without its digest.
    private func checkManifest(_ image: Image, named tag: String) async throws(Failure) {
        let response = try await client.send(manifestRequest("GET", image, tag), actions: "pull,push")
        let asked = RegistryClient.Asked.pull("manifest \(tag)")
        guard response.status == 200, !response.isWebPage else {
            let reason = client.refusal(response, asked)
            throw Failure(
                .transport, "manifest \(tag) was sent, but cannot be read back: \(reason.message)",
                advice: reason.advice ?? "check that \(client.endpoint.registry) is a registry, and push again")
        }
        let found = try Digest(of: response.body)
        guard found == image.digest else { throw client.mismatch(found.description, image.digest, asked) }
    }

    private func manifestRequest(_ method: String, _ image: Image, _ tag: String) -> HTTPRequest {
        var request = HTTPRequest(method, client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Accept", image.descriptor.mediaType.rawValue)]
        return request
    }

    func upload(_ descriptor: Descriptor, _ content: BlobContent) async throws(Failure) {
        if try await hasBlob(descriptor) { return }
        let asked = RegistryClient.Asked.push("blob \(descriptor.digest.short)")
        var attempt = 1
        while true {
            let wanted: Double?
            switch try await uploadOnce(descriptor, content, asked) {
            // The specification's one answer to a whole blob, and the only one that other clients take too.
            case .success(let response) where response.status == 201:
                guard let found = response.contentDigest, found != descriptor.digest.description else { return }
                throw client.mismatch(found, descriptor.digest, asked)
            case .success(let response):
                guard RetryPolicy.isPassing(response.status), attempt < options.retry.attempts else {
                    throw client.refusal(response, asked)
                }
                wanted = response.retryAfter
            case .failure(let dropped):
                guard attempt < options.retry.attempts else { throw dropped }
                wanted = nil
            }
            try await options.retry.pause(after: attempt, asked: wanted)
            attempt += 1
        }
    }

    /// Whether the registry says that it has this very blob; digest and size count where it gives them.
    private func hasBlob(_ descriptor: Descriptor) async throws(Failure) -> Bool {
        let head = HTTPRequest("HEAD", client.endpoint.url("blobs/\(descriptor.digest)"))
        let response = try await client.send(head, actions: "pull,push")
        let digest = response.contentDigest ?? descriptor.digest.description
        let size = response.headers["content-length"].map { Int64($0) } ?? descriptor.size
        return response.status == 200 && !response.isWebPage && digest == descriptor.digest.description
            && size == descriptor.size
    }

    /// Opens an upload and sends all of the blob; one that broke off starts over.
    /// - Returns: the answer, or the failure of a connection that dropped meanwhile.
    private func uploadOnce(
        _ descriptor: Descriptor, _ content: BlobContent, _ asked: RegistryClient.Asked
    ) async throws(Failure) -> Result<HTTPResponse, Failure> {
        let place = try await openUpload(asked)
        var request = HTTPRequest("PUT", URLText.adding("digest", descriptor.digest.description, to: place))
        request.headers = [("Content-Type", "application/octet-stream")]
        request.body = JoinedContent(content).body
        do throws(Failure) {
            return .success(try await client.send(request, actions: "pull,push", isRepeatable: false))
        } catch {
            guard error.code == .transport, !Task.isCancelled else { throw error }
            return .failure(error)
        }
    }

    private func openUpload(_ asked: RegistryClient.Asked) async throws(Failure) -> String {
        let start = HTTPRequest("POST", client.endpoint.url("blobs/uploads/"))
        let opened = try await client.send(start, actions: "pull,push")
        // It was asked for often enough already.
        guard opened.status == 202 else { throw client.refusal(opened, asked) }
        guard let location = opened.headers["location"] else {
            throw Failure(.malformed, "\(client.place) answered 202 to \(asked.text) without a Location")
        }
        return URLText.resolve(location, from: start.url)
    }

    private var method: CompressionMethod? {
        switch options.compression {
        case .none: nil
        case .gzip: .gzip()
        case .zstd: .zstd()
        }
    }

    private func compress(
        _ content: BlobContent, _ method: CompressionMethod, to file: FilePath
    ) throws(Failure) -> Descriptor {
        let sink = try DigestSink(next: try FileSink(replacing: file))
        let compression = try CompressionSink(method, next: sink, threads: options.threads)
        try content.write(to: compression)
        try compression.finish()
        return Descriptor(
            mediaType: .layer(options.compression), digest: try Digest(hex: sink.digest ?? ""), size: sink.count)
    }
}

/// Adds up what tasks that run at once have done.
final class ProgressSum: Sendable {
    private let total: Int64
    private let progress: BlobProgress?
    private let done = Mutex<Int64>(0)

    init(total: Int64, _ progress: BlobProgress?) {
        self.total = total
        self.progress = progress
    }

    /// Counts bytes and tells of the sum.
    func add(_ bytes: Int64) {
        let sum = done.withLock { sum in
            sum += bytes
            return sum
        }
        progress?(sum, total)
    }
}
