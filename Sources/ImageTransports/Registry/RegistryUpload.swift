import LayerArchive
import OCIImage
import SystemPackage

/// One push.
struct RegistryUpload: Sendable {
    let destination: RegistryImage
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
    func prepare(_ image: Image, from blobs: any BlobSource) async throws(ImageError) -> Prepared {
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
            prepared.image = try Image(
                manifestBytes: try CanonicalJSON.encode(manifest), configurationBytes: image.configurationBytes)
        }
        prepared.blobs.append((image.manifest.config, .bytes(image.configurationBytes)))
        return prepared
    }

    /// Whether the name leads to this very manifest already.
    func hasManifest(_ image: Image, named tag: String) async throws(ImageError) -> Bool {
        var request = HTTPRequest("HEAD", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Accept", image.descriptor.mediaType.rawValue)]
        let response = try await client.send(request, actions: "pull,push")
        guard response.status != 401 else { throw client.refusal(response, "the push") }
        return response.isSuccess && response.headers["docker-content-digest"] == image.digest.description
    }

    /// Uploads what the registry lacks, three blobs at once.
    func uploadBlobs(_ prepared: Prepared, progress: BlobProgress?) async throws(ImageError) {
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
            throw (error as? ImageError) ?? ImageError(.transport, "cancelled")
        }
    }

    /// Gives the manifest its name: the image is there from now on.
    func putManifest(_ image: Image, named tag: String) async throws(ImageError) {
        var request = HTTPRequest("PUT", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Content-Type", image.descriptor.mediaType.rawValue)]
        request.body = joined(.bytes(image.manifestBytes))
        let response = try await client.send(request, actions: "pull,push")
        guard response.isSuccess else { throw client.refusal(response, "the manifest \(tag)") }
    }

    private func upload(_ descriptor: Descriptor, _ content: BlobContent) async throws(ImageError) {
        let head = HTTPRequest("HEAD", client.endpoint.url("blobs/\(descriptor.digest)"))
        if try await client.send(head, actions: "pull,push").isSuccess { return }
        var attempt = 1
        while true {
            let response = try await uploadOnce(descriptor, content)
            if response.isSuccess { return }
            guard RetryPolicy.isPassing(response.status), attempt < options.retry.attempts else {
                throw client.refusal(response, "blob \(descriptor.digest.short)")
            }
            let delay = options.retry.delay(after: attempt, asked: response.retryAfter)
            do { try await options.retry.wait(delay) } catch { throw ImageError(.transport, "cancelled") }
            attempt += 1
        }
    }

    /// Opens an upload and sends all of the blob; one that broke off is begun anew.
    ///
    /// A dropped connection counts as a 503.
    private func uploadOnce(
        _ descriptor: Descriptor, _ content: BlobContent
    ) async throws(ImageError) -> HTTPResponse {
        let start = HTTPRequest("POST", client.endpoint.url("blobs/uploads/"))
        let opened = try await client.send(start, actions: "pull,push")
        // It was asked for often enough already.
        guard opened.isSuccess, let location = opened.headers["location"] else {
            throw client.refusal(opened, "an upload")
        }
        let place = URLText.resolve(location, from: start.url)
        var request = HTTPRequest("PUT", URLText.adding("digest", descriptor.digest.description, to: place))
        request.headers = [("Content-Type", "application/octet-stream")]
        request.body = joined(content)
        do throws(ImageError) {
            return try await client.send(request, actions: "pull,push", isRepeatable: false)
        } catch {
            guard error.code == .transport, !Task.isCancelled else { throw error }
            return HTTPResponse(status: 503, headers: [:], body: Array(error.message.utf8))
        }
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
    ) throws(ImageError) -> Descriptor {
        let written: (digest: String, size: Int64)
        do throws(ArchiveError) {
            let sink = try DigestSink(next: try FileSink(replacing: file))
            let compression = try CompressionSink(method, next: sink, threads: options.threads)
            try content.write(to: compression)
            try compression.finish()
            written = (sink.digest ?? "", sink.count)
        } catch {
            throw ImageError(error)
        }
        return Descriptor(
            mediaType: .layer(options.compression), digest: try Digest(hex: written.digest), size: written.size)
    }

    private func joined(_ content: BlobContent) -> JoinedContent {
        var body = JoinedContent()
        body.append(content)
        return body
    }
}
