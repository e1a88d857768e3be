import Diagnostics
import LayerArchive
import OCIImage

extension ContainerEngine {
    /// Loads an image and gives it a name; of an image that the engine has in part, what is new.
    ///
    /// An image that the engine has already, by its ID, is only named.
    /// - Parameter store: knows the images that were loaded before.
    /// - Throws: `Failure` with the engine's own words.
    @discardableResult
    package func load(
        _ image: Image, from blobs: any BlobSource, as name: Reference, knownBy store: ImageStore? = nil,
        progress: BlobProgress? = nil
    ) async throws(Failure) -> WriteOutcome {
        let kind = try await kind()
        let load = EngineLoad(
            engine: self, kind: kind, archive: EngineArchive(image: image, blobs: blobs), name: name, store: store,
            progress: progress)
        return try await load.run()
    }

    /// Sends a tar to the engine.
    func post(_ content: JoinedContent, progress: BlobProgress?) async throws(Failure) {
        var request = request("POST", "/images/load?quiet=1")
        request.headers = [("Content-Type", "application/x-tar")]
        request.body = content.body
        request.progress = progress
        let response = try await send(request)
        if let error = Self.loadError(response.text) {
            throw Failure(.transport, "the engine at \(endpoint) did not load the image: \(error)")
        }
    }

    /// A load answers 200 even if it fails: the error is one of the lines of the answer.
    private static func loadError(_ text: String) -> String? {
        struct Line: Decodable {
            let error: String?
            let stream: String?
        }
        for line in text.split(whereSeparator: \.isNewline) {
            guard let found = try? CanonicalJSON.decode(Line.self, from: Array(line.utf8), what: "") else { continue }
            // Docker on containerd's store says some of its errors in passing.
            let words = found.error ?? found.stream.flatMap { $0.contains("Error unpacking image") ? $0 : nil }
            if let words { return String(words.prefix(300)) }
        }
        return nil
    }
}

/// One image on its way into an engine.
struct EngineLoad {
    let engine: ContainerEngine
    let kind: EngineKind
    let archive: EngineArchive
    let name: Reference
    let store: ImageStore?
    let progress: BlobProgress?

    private var image: Image { archive.image }

    /// The image's ID in this engine.
    private var id: Digest {
        switch kind {
        case .classic, .podman: image.id
        case .containerd: image.digest
        }
    }

    /// Loads what is new, or the whole image where that does not do.
    func run() async throws(Failure) -> WriteOutcome {
        let old = try await engine.facts(of: name.taggedName)
        if old?.id == id { return outcome(isUnchanged: true) }
        if try await isComplete() {
            try await engine.tag(id, as: kind == .podman ? try Reference(podmanName) : name)
        } else {
            try await loadNew(over: old)
        }
        guard try await engine.imageID(of: name.taggedName) == id else {
            throw Failure(
                .transport, "the engine at \(engine.endpoint) took the image, but \(name) is not its name there")
        }
        await removeReplaced(old)
        return outcome(isUnchanged: false)
    }

    private func outcome(isUnchanged: Bool) -> WriteOutcome {
        WriteOutcome(manifestDigest: image.digest, isUnchanged: isUnchanged, imageID: id)
    }

    /// Sends what is new; the whole image where a layer is gone, and that once more where it fails by itself.
    private func loadNew(over old: EngineImageFacts?) async throws(Failure) {
        let known = EngineKnowledge(kind: kind, image: image, old: old, store: store)
        if !known.isEmpty {
            if (try? await send(known)) != nil { return }
            guard !Task.isCancelled else { throw Failure(.transport, "cancelled") }
        }
        do throws(Failure) {
            try await send(.nothing(kind))
        } catch {
            guard !Task.isCancelled else { throw error }
            try await send(.nothing(kind))
        }
    }

    private func send(_ known: EngineKnowledge) async throws(Failure) {
        switch known {
        case .lowest(let count):
            try await engine.post(try await archive.dockerArchive(withoutLowest: count, name: name), progress: progress)
        case .layers(let digests):
            let content = try await archive.layout(without: digests, name: podmanName)
            try await engine.post(content, progress: progress)
        case .blobs(let digests): try await sendUnnamed(without: digests)
        }
    }

    /// In containerd's store a load that fails in part moves the name all the same: it comes last, once all is there.
    private func sendUnnamed(without known: Set<Digest>) async throws(Failure) {
        do throws(Failure) {
            try await engine.post(try await archive.layout(without: known, name: nil), progress: progress)
            guard try await isComplete() else {
                throw Failure(.transport, "the engine at \(engine.endpoint) did not keep all layers of the image")
            }
            try await engine.tag(id, as: name)
        } catch {
            _ = try? await engine.send(engine.request("DELETE", "/images/\(id)?force=1"))
            throw error
        }
    }

    /// Podman's own name for what has no registry.
    private var podmanName: String { name.registry == nil ? "localhost/\(name.taggedName)" : name.taggedName }

    /// Whether the engine has all of the image, under whatever name.
    private func isComplete() async throws(Failure) -> Bool {
        guard let facts = try await engine.facts(of: id.description), facts.id == id else { return false }
        guard kind == .containerd else { return true }
        if let isAvailable = facts.isAvailable(id) { return isAvailable }
        // Docker before 28 lists only what is whole.
        struct Item: Decodable { let Id: String }
        let response = try await engine.send(engine.request("GET", "/images/json?all=1"))
        return try CanonicalJSON.decode([Item].self, from: response.body, what: "the engine's images")
            .contains { $0.Id == id.description }
    }

    /// Removes the image that had the name, where mixpack made it and it has no other: nobody would find it again.
    private func removeReplaced(_ old: EngineImageFacts?) async {
        guard let old, let oldID = old.id, let store, store.contains(oldID), (old.RepoTags ?? []).count <= 1,
            old.labels["io.buildpacks.lifecycle.metadata"] != nil
        else { return }
        // A container may hold it, and it may have got a name meanwhile: then it stays.
        guard let now = try? await engine.facts(of: oldID.description), now.id == oldID, (now.RepoTags ?? []).isEmpty
        else { return }
        _ = try? await engine.send(engine.request("DELETE", "/images/\(oldID)"))
    }
}

/// What an engine has of an image before it is loaded, in the terms that it understands.
enum EngineKnowledge: Hashable {
    /// So many of the lowest layers.
    case lowest(Int)
    /// Layers, by the digests of their blobs; whichever stand where.
    case layers(Set<Digest>)
    /// Blobs.
    case blobs(Set<Digest>)

    /// No layer at all.
    static func nothing(_ kind: EngineKind) -> EngineKnowledge {
        switch kind {
        case .classic: .lowest(0)
        case .podman: .layers([])
        case .containerd: .blobs([])
        }
    }

    /// What follows from the image that has the name.
    /// - Parameter store: knows of an image of containerd's store which blobs it has; its diffIDs prove nothing, because
    ///   the same layers may be there compressed.
    init(kind: EngineKind, image: Image, old: EngineImageFacts?, store: ImageStore?) {
        let there = old?.diffIDs ?? []
        switch kind {
        case .classic: self = .lowest(zip(image.layers, there).prefix { $0.diffID == $1 }.count)
        case .podman:
            let set = Set(there)
            self = .layers(Set(image.layers.filter { set.contains($0.diffID) }.map(\.descriptor.digest)))
        case .containerd:
            let manifest = old?.id.flatMap { store?.manifest($0) }
            self = .blobs(Set(image.manifest.layers.map(\.digest)).intersection(manifest?.layers.map(\.digest) ?? []))
        }
    }

    /// Whether nothing is known.
    var isEmpty: Bool {
        switch self {
        case .lowest(let count): count == 0
        case .layers(let digests), .blobs(let digests): digests.isEmpty
        }
    }
}
