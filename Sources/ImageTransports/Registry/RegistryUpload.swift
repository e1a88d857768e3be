import Diagnostics
import Files
import HTTP
import LayerArchive
import OCIImage
import Synchronization
import SystemPackage

/// A push to one repository: layers are compressed and sent side by side; the manifest at the end names the image.
struct RegistryUpload: Sendable {
    let client: RegistryClient
    let options: RegistryImage.Options
    let folder: FilePath

    private var memory: RegistryMemory { options.memory }

    /// The digest of what the name leads to; `nil` if there is no such name.
    /// - Throws: `Failure` where a web page is the answer: nothing is sent to such a place.
    func registered(_ image: Image, named tag: String) async throws(Failure) -> Digest? {
        let response = try await client.send(manifestRequest("HEAD", image, tag), actions: "pull,push")
        guard response.status != 401, !response.isWebPage else {
            throw client.refusal(response, .push("manifest \(tag)"))
        }
        return response.status == 200 ? response.contentDigest.flatMap { try? Digest($0) } : nil
    }

    /// The image as it goes out, where that is known without compressing anything; `nil` where it is not.
    /// - Parameter there: the image that has the name now.
    func foreseen(_ image: Image, replacing there: Image) throws(Failure) -> Image? {
        let layers = image.layers.map { layer in
            isPlain(layer) ? packed(layer, replacing: there) : layer.descriptor
        }
        let known = layers.compactMap(\.self)
        return known.count == layers.count ? try packed(image, known) : nil
    }

    /// Sends what the registry lacks, three layers at once.
    /// - Parameter there: the image that has the name now; the repository has its blobs.
    /// - Returns: the image as it went out.
    func push(
        _ image: Image, from blobs: any BlobSource, replacing there: Image?, progress: BlobProgress?
    ) async throws(Failure) -> Image {
        let sum = ProgressSum(total: image.size + image.manifest.config.size, progress)
        do {
            let layers = try await withThrowingTaskGroup(of: (Int, Descriptor).self) { group in
                var sent: [Int: Descriptor] = [:]
                for (index, layer) in image.layers.enumerated() {
                    if index >= 3, let done = try await group.next() { sent[done.0] = done.1 }
                    group.addTask {
                        let descriptor = try await send(layer, from: blobs, replacing: there)
                        sum.add(layer.descriptor.size)
                        return (index, descriptor)
                    }
                }
                for try await done in group { sent[done.0] = done.1 }
                return sent.sorted { $0.key < $1.key }.map(\.value)
            }
            try await upload(image.manifest.config, there) { () throws(Failure) in .bytes(image.configurationBytes) }
            sum.add(image.manifest.config.size)
            return try packed(image, layers)
        } catch {
            throw (error as? Failure) ?? Failure(.transport, "cancelled")
        }
    }

    // MARK: - Layers

    /// Whether a layer is compressed on its way out.
    private func isPlain(_ layer: ImageLayer) -> Bool {
        layer.descriptor.mediaType.compression == MediaType.Compression.none && method != nil
    }

    /// What a plain layer is in the image that has the name now, if it is compressed as it is asked for.
    private func packed(_ layer: ImageLayer, replacing there: Image?) -> Descriptor? {
        let same = there?.layers.first {
            $0.diffID == layer.diffID && $0.descriptor.mediaType.compression == options.compression
        }
        return same.map {
            Descriptor(
                mediaType: .layer(options.compression), digest: $0.descriptor.digest, size: $0.descriptor.size)
        }
    }

    /// The image with its layers as they are in the registry.
    private func packed(_ image: Image, _ layers: [Descriptor]) throws(Failure) -> Image {
        var manifest = image.manifest
        manifest.layers = layers
        guard manifest != image.manifest else { return image }
        // What is compressed here is of OCI's types, and clients refuse a manifest of both kinds.
        return try Image(
            manifestBytes: try CanonicalJSON.encode(manifest.ociManifest), configurationBytes: image.configurationBytes)
    }

    /// Sees to it that the repository has a layer.
    /// - Returns: the layer as it is there.
    private func send(
        _ layer: ImageLayer, from blobs: any BlobSource, replacing there: Image?
    ) async throws(Failure) -> Descriptor {
        guard isPlain(layer), let method else {
            try await upload(layer.descriptor, there) { () throws(Failure) in try await blobs.blob(layer.descriptor) }
            return layer.descriptor
        }
        if let packed = packed(layer, replacing: there) ?? memory.packed(layer.diffID, options.compression),
            try await isThere(packed, there)
        {
            return packed
        }
        let file = try ScratchFile(in: folder)
        let packed = try compress(try await blobs.blob(layer.descriptor), method, to: file.path)
        memory.learn(packed, of: layer.diffID)
        try await upload(packed, there) { () throws(Failure) in .file(file.path, offset: 0, size: packed.size) }
        withExtendedLifetime(file) {}
        return packed
    }

    /// Whether the repository has a blob, or gets it from another repository of the registry.
    private func isThere(_ descriptor: Descriptor, _ there: Image?) async throws(Failure) -> Bool {
        if there?.manifest.layers.contains(where: { $0.digest == descriptor.digest }) == true { return true }
        if memory.has(descriptor.digest, in: client.endpoint) { return true }
        if try await hasBlob(descriptor) {
            memory.learn(descriptor.digest, in: client.endpoint)
            return true
        }
        return try await mount(descriptor)
    }

    /// Has the registry take a blob over from another of its repositories, so that no byte of it is sent.
    private func mount(_ descriptor: Descriptor) async throws(Failure) -> Bool {
        guard let other = memory.neighbour(with: descriptor.digest, of: client.endpoint) else { return false }
        var url = URLText.adding("mount", descriptor.digest.description, to: client.endpoint.url("blobs/uploads/"))
        url = URLText.adding("from", other, to: url)
        let response = try await client.send(HTTPRequest("POST", url), actions: "pull,push", from: other)
        guard response.status == 201, !response.isWebPage else { return false }
        memory.learn(descriptor.digest, in: client.endpoint)
        return true
    }

    // MARK: - Manifest

    /// Gives the manifest its name: the image is there from now on.
    ///
    /// The specification's answer is 201. What the registry does not say itself, under its digest, is read back.
    /// - Returns: whether it was taken; `false` if the registry does not have all blobs.
    func putManifest(_ image: Image, named tag: String) async throws(Failure) -> Bool {
        try await put(image.manifestBytes, image.descriptor, named: tag) { response in
            [400, 404].contains(response.status)
                && String(decoding: response.body.prefix(1 << 16), as: UTF8.self).contains("BLOB_UNKNOWN")
        }
    }

    /// Sends a manifest or an index.
    private func put(
        _ bytes: [UInt8], _ descriptor: Descriptor, named tag: String, isIncomplete: (HTTPResponse) -> Bool
    ) async throws(Failure) -> Bool {
        var request = HTTPRequest("PUT", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Content-Type", descriptor.mediaType.rawValue)]
        request.body = JoinedContent(.bytes(bytes)).body
        let response = try await client.send(request, actions: "pull,push")
        if isIncomplete(response) { return false }
        let asked = RegistryClient.Asked.push("manifest \(tag)")
        guard response.isSuccess, !response.isWebPage else { throw client.refusal(response, asked) }
        if let found = response.contentDigest, found != descriptor.digest.description {
            throw client.mismatch(found, descriptor.digest, asked)
        }
        if response.status == 201, response.contentDigest != nil { return true }
        try await checkManifest(descriptor, named: tag)
        return true
    }

    /// Sends an index of images that the repository has.
    func putIndex(_ bytes: [UInt8], _ descriptor: Descriptor, named tag: String) async throws(Failure) {
        _ = try await put(bytes, descriptor, named: tag) { _ in false }
    }

    /// Reads a manifest that was taken without its digest.
    private func checkManifest(_ descriptor: Descriptor, named tag: String) async throws(Failure) {
        var request = HTTPRequest("GET", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Accept", descriptor.mediaType.rawValue)]
        let response = try await client.send(request, actions: "pull,push")
        let asked = RegistryClient.Asked.pull("manifest \(tag)")
        guard response.status == 200, !response.isWebPage else {
            let reason = client.refusal(response, asked)
            throw Failure(
                .transport, "manifest \(tag) was sent, but cannot be read back: \(reason.message)",
                advice: reason.advice ?? "check that \(client.endpoint.registry) is a registry, and push again")
        }
        let found = try Digest(of: response.body)
        guard found == descriptor.digest else { throw client.mismatch(found.description, descriptor.digest, asked) }
    }

    private func manifestRequest(_ method: String, _ image: Image, _ tag: String) -> HTTPRequest {
        var request = HTTPRequest(method, client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Accept", image.descriptor.mediaType.rawValue)]
        return request
    }

    // MARK: - Blobs

    /// Sends a blob unless it is there; its content is asked for only then.
    func upload(
        _ descriptor: Descriptor, _ there: Image? = nil, content: () async throws(Failure) -> BlobContent
    ) async throws(Failure) {
        if there?.manifest.config.digest == descriptor.digest { return }
        if try await isThere(descriptor, there) { return }
        let content = try await content()
        let asked = RegistryClient.Asked.push("blob \(descriptor.digest.short)")
        var attempt = 1
        while true {
            let wanted: Double?
            switch try await uploadOnce(descriptor, content, asked) {
            // The specification's one answer to a whole blob, and the only one that other clients take too.
            case .success(let response) where response.status == 201:
                guard let found = response.contentDigest, found != descriptor.digest.description else {
                    return memory.learn(descriptor.digest, in: client.endpoint)
                }
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
