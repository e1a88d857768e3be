import Diagnostics
import Files
import Glibc
import LayerArchive
import SystemPackage

/// The files of an image, layer by layer, opened when they are asked for.
package actor ImageFiles {
    package nonisolated let image: Image
    let blobs: any BlobSource
    let limits: TarLimits
    /// The layers laid over each other: after the first, after the second, as far as was asked for.
    private var stacks: [FileTreeBuilder] = []

    /// Opens an image; its layers are not read yet.
    ///
    /// The limits hold for each layer.
    package init(_ image: Image, blobs: any BlobSource, limits: TarLimits = TarLimits()) {
        self.image = image
        self.blobs = blobs
        self.limits = limits
    }

    /// What one layer lists, with its marks against the layers below it.
    /// - Throws: `Failure` when a layer up to this one cannot be read or is over a limit.
    package func layerTree(_ layer: Int) async throws(Failure) -> FileTree {
        try await stack(layer).tree(.layer)
    }

    /// What a container would see with all layers up to this one, with this one's marks.
    /// - Throws: `Failure` when a layer up to this one cannot be read or is over a limit.
    package func mergedTree(through layer: Int) async throws(Failure) -> FileTree {
        try await stack(layer).tree(.merged)
    }

    /// How much of the layers is of use.
    package func efficiency() async throws(Failure) -> ImageEfficiency {
        guard !image.layers.isEmpty else { return FileTreeBuilder().efficiency }
        return try await stack(image.layers.count - 1).efficiency
    }

    /// A file's bytes as one layer has them.
    /// - Throws: `Failure` of code `notFound` where the layer has no such file, `overLimit` where it has more than
    ///   `limit` bytes.
    package func content(of path: String, in layer: Int, limit: Int) async throws(Failure) -> [UInt8] {
        let sink = MemorySink(limit: limit)
        try await copyContent(of: path, in: layer, to: sink)
        return sink.bytes
    }

    /// Writes a file, as one layer has it, to a new file of the disk; where that fails, there is none.
    /// - Throws: `Failure` of code `notFound` where the layer has no such file, `unsupported` for what is no file.
    package func extract(_ path: String, in layer: Int, to file: FilePath) async throws(Failure) {
        _ = try await self.file(at: path, in: layer)
        let sink = try FileSink(creating: file)
        do {
            try await copyContent(of: path, in: layer, to: sink)
        } catch {
            unlink(file.nameBytes)
            throw error
        }
    }

    /// The file at a path, as one layer has it; a hard link is the file that it is one of.
    private func file(
        at path: String, in layer: Int, links: Int = 8
    ) async throws(Failure) -> (path: String, node: FileTree.Node) {
        let tree = try await stack(layer).tree(.layer)
        guard let id = tree.node(at: path), !tree[id].isGone, Int(tree[id].layer) == layer else {
            throw Failure(.notFound, "layer \(layer) has no file \(path)")
        }
        switch tree[id].kind {
        case .file: return (path, tree[id])
        case .hardLink where links > 0:
            return try await file(at: tree.linkTarget(of: id) ?? "", in: layer, links: links - 1)
        case .directory: throw Failure(.unsupported, "\(path) is a folder", advice: "choose a file in it")
        case .symlink:
            throw Failure(
                .unsupported, "\(path) is a link to \(tree.linkTarget(of: id) ?? "nowhere")",
                advice: "choose the file that it points to")
        default: throw Failure(.unsupported, "\(path) is not a file", advice: "choose a file")
        }
    }

    private func copyContent(of path: String, in layer: Int, to sink: any ByteSink) async throws(Failure) {
        let (path, node) = try await file(at: path, in: layer)
        let content = try await blobs.blob(image.layers[layer].descriptor)
        if node.offset >= 0 {
            try content.part(from: node.offset, size: node.size).write(to: sink)
        } else {
            try Self.search(content, for: path, limits, sink)
        }
        try sink.finish()
    }

    /// The digests of a layer's files that are asked for, by path beginning with "/".
    func contentDigests(inLayer layer: Int, where isWanted: (String) -> Bool) async throws(Failure) -> [String:
        String]
    {
        let content = try await blobs.blob(image.layers[layer].descriptor)
        var digests: [String: String] = [:]
        let reader = try TarReader(content.input, limits: limits)
        while let entry = try reader.next() {
            guard case .file = entry.kind else { continue }
            let path = "/" + entry.path.split(separator: "/").drop(while: { $0 == "." }).joined(separator: "/")
            guard isWanted(path) else { continue }
            let sink = try DigestSink()
            try reader.copyContent(to: sink)
            try sink.finish()
            digests[path] = sink.digest
        }
        return digests
    }

    private static func search(
        _ content: BlobContent, for path: String, _ limits: TarLimits, _ sink: any ByteSink
    ) throws(Failure) {
        let reader = try TarReader(content.input, limits: limits)
        let wanted = path.split(separator: "/")
        while let entry = try reader.next() {
            if case .file = entry.kind,
                entry.path.split(separator: "/").drop(while: { $0 == "." }).elementsEqual(wanted)
            {
                return try reader.copyContent(to: sink)
            }
        }
    }

    private func stack(_ layer: Int) async throws(Failure) -> FileTreeBuilder {
        guard image.layers.indices.contains(layer) else {
            throw Failure(.notFound, "the image has no layer \(layer), only \(image.layers.count) layers")
        }
        while stacks.count <= layer {
            let next = stacks.count
            let content = try await blobs.blob(image.layers[next].descriptor)
            // While the blob was fetched, another call may have got further.
            guard stacks.count == next else { continue }
            var builder = stacks.last ?? FileTreeBuilder()
            builder.beginLayer(next)
            try builder.add(try TarReader(content.input, limits: limits))
            stacks.append(builder)
        }
        return stacks[layer]
    }
}

extension FileTreeBuilder {
    /// Adds everything that an archive lists.
    mutating func add(_ reader: TarReader) throws(Failure) {
        while let entry = try reader.next() {
            add(entry, contentOffset: reader.contentOffset)
        }
    }
}
