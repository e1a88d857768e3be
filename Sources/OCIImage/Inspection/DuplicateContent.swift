import Diagnostics
import LayerArchive

/// The same bytes in several files of an image.
package struct DuplicateContent: Sendable, Hashable {
    /// A file with these bytes.
    package struct Copy: Sendable, Hashable {
        /// The layer that has it, counted from 0.
        package var layer: Int
        /// The path, beginning with "/".
        package var path: String
    }

    /// The size of one copy in bytes.
    package var size: Int64
    /// The files, by layer and path.
    package var copies: [Copy]

    /// The bytes of all copies but one.
    package var extra: Int64 { size * Int64(copies.count - 1) }
}

extension ImageFiles {
    /// The files of all layers that have the same content, those with the most bytes to save first.
    ///
    /// Layers are read twice: only files that have the size of another one are hashed. Empty files do not count.
    /// - Throws: `Failure` when a layer cannot be read or is over a limit.
    package nonisolated func duplicates() async throws(Failure) -> [DuplicateContent] {
        var sizes: [Int64: Int] = [:]
        for layer in image.layers.indices {
            try await forEachFile(inLayer: layer) { (_, size, _) throws(Failure) in sizes[size, default: 0] += 1 }
        }
        var found: [Content: [DuplicateContent.Copy]] = [:]
        for layer in image.layers.indices {
            try await forEachFile(inLayer: layer) { (path, size, reader) throws(Failure) in
                guard sizes[size] ?? 0 > 1 else { return }
                let sink = try DigestSink()
                try reader.copyContent(to: sink)
                try sink.finish()
                let content = Content(size: size, digest: sink.digest ?? "")
                found[content, default: []].append(DuplicateContent.Copy(layer: layer, path: path))
            }
        }
        return found.filter { $0.value.count > 1 }.map { content, copies in
            DuplicateContent(size: content.size, copies: copies.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) })
        }.sorted { ($1.extra, $0.copies[0].path) < ($0.extra, $1.copies[0].path) }
    }

    private struct Content: Hashable {
        var size: Int64
        var digest: String
    }

    private nonisolated func forEachFile(
        inLayer layer: Int, _ body: (_ path: String, _ size: Int64, TarReader) throws(Failure) -> Void
    ) async throws(Failure) {
        let reader = try TarReader(try await blobs.blob(image.layers[layer].descriptor).input, limits: limits)
        while let entry = try reader.next() {
            guard case .file(let size) = entry.kind, size > 0 else { continue }
            let parts = entry.path.split(separator: "/").drop(while: { $0 == "." })
            try body("/" + parts.joined(separator: "/"), size, reader)
        }
    }
}
