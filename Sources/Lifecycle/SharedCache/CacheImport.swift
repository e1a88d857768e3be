import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage

/// Brings what another machine has compiled and fetched to this one.
///
/// An entry appears whole, by one rename, or not at all; what is here already stays.
package struct CacheImport: Sendable {
    /// What came of it.
    package struct Outcome: Sendable, Hashable {
        /// The entries that are new here.
        package var brought: [String] = []
        /// What could not be used, a line each.
        package var problems: [String] = []
    }

    let shelves: CacheShelves
    let scratch: FilePath
    /// Whether a toolchain of this name runs here.
    let fits: @Sendable (_ toolchain: String) -> Bool

    package init(
        shelves: CacheShelves, scratch: FilePath, fits: @escaping @Sendable (_ toolchain: String) -> Bool
    ) {
        self.shelves = shelves
        self.scratch = scratch
        self.fits = fits
    }

    /// Brings all entries that this machine lacks.
    /// - Throws: `CancellationError` only: what cannot be used is as if it were not in the cache.
    package func bring(_ cache: CacheImage) async throws -> Outcome {
        var outcome = Outcome()
        guard cache.image.configuration.platform == .current else {
            outcome.problems = [
                "it is for \(cache.image.configuration.platform), and this machine is \(Platform.current)"
            ]
            return outcome
        }
        let missing = cache.entries.keys.filter { !hasPlace($0) }.sorted()
        let layers = missing.filter { CacheShelves.kind(of: $0) == .layers }
        let others = missing.filter { CacheShelves.kind(of: $0) != .layers }
        try await withThrowingTaskGroup(of: (String, String?).self) { group in
            for (index, name) in others.enumerated() {
                if index >= 4, let done = try await group.next() { outcome.add(done) }
                group.addTask { (name, try await problem { try await bring(name, of: cache) }) }
            }
            for try await done in group { outcome.add(done) }
        }
        if !layers.isEmpty { outcome.add(("layers", try await problem { try await bring(layers, of: cache) })) }
        outcome.brought.sort()
        return outcome
    }

    /// Whether there is nothing to do for an entry: it is here, may not be here, or does not run here.
    private func hasPlace(_ name: String) -> Bool {
        guard let kind = CacheShelves.kind(of: name), let place = shelves.place(of: name) else { return true }
        switch kind {
        case .answers, .dependencies, .fetched, .helpers: return place.exists
        case .toolchains: return place.exists || !fits(place.lastComponent?.string ?? "")
        // Those of a build of this machine are as good, and fit its own image.
        case .layers: return place.removingLastComponent().exists
        }
    }

    private func problem(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch {
            guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
            return (error as? Failure)?.message ?? "\(error)"
        }
    }

    private func bring(_ name: String, of cache: CacheImage) async throws {
        guard let place = shelves.place(of: name), let layer = cache.entries[name] else { return }
        let held = try HeldFolder(in: scratch)
        defer { held.remove() }
        let unpacked = try await unpack(layer, of: cache, in: held.path)
        try place.removingLastComponent().makeFolders()
        // A build that was faster has put the same there.
        if !place.exists { try unpacked.move(to: place) }
    }

    /// All layers of the project or none: the file that names them is one of them.
    private func bring(_ layers: [String], of cache: CacheImage) async throws {
        guard let project = shelves.project else { return }
        let held = try HeldFolder(in: scratch)
        defer { held.remove() }
        let folder = held.path.appending("committed")
        try folder.makeFolders()
        for name in layers {
            guard let layer = cache.entries[name], let file = shelves.place(of: name)?.lastComponent else { continue }
            let own = held.path.appending("one")
            try own.makeFolders()
            try await unpack(layer, of: cache, in: own).move(to: folder.appending(file))
            try own.remove()
        }
        let place = project.volume.appending("committed")
        try project.volume.makeFolders()
        if !place.exists { try folder.move(to: place) }
    }

    /// Unpacks an entry, once its digest is the one of the index.
    private func unpack(_ layer: ImageLayer, of cache: CacheImage, in folder: FilePath) async throws -> FilePath {
        let content = try await cache.blobs.blob(layer.descriptor)
        let tar = folder.appending("entry.tar")
        let sink = try DigestSink(next: try FileSink(creating: tar))
        try Decompression.copy(content.input, to: sink, limit: TarLimits().totalSize)
        try sink.finish()
        guard sink.digest == layer.diffID.hex else {
            throw Failure(.digestMismatch, "it is sha256:\(sink.digest ?? ""), and the index says \(layer.diffID)")
        }
        let root = folder.appending("unpacked")
        try root.makeFolders()
        var extraction = LayerExtraction([CacheImage.folder[1]], of: [CacheImage.folder[0]], into: root)
        try extraction.extract(.file(tar))
        let entry = root.appending(CacheImage.folder[1])
        guard entry.exists else { throw Failure(.malformed, "there is nothing in it") }
        try tar.remove()
        return entry
    }
}

extension CacheImport.Outcome {
    fileprivate mutating func add(_ done: (name: String, problem: String?)) {
        if let problem = done.problem { problems.append("\(done.name): \(problem)") } else { brought.append(done.name) }
    }
}
