import Diagnostics
import FoundationEssentials
import Glibc
import ImageTransports
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport

/// mixpack's share of the measurements of images, in a process of its own so that its memory can be told.
///
/// `mixpack-bench image-work plain|gzip TREE LAYOUT[:TAG]`, or `image-work push LAYOUT HOST/NAME`; the last line printed is the
/// most memory that the process ever had, in KB.
enum ImageWork {
    static let name = "image-work"

    /// Does the work that some words ask for.
    static func run(_ words: [String]) async throws {
        guard words.count == 3 else { throw TestSupportError("\(name): plain|gzip TREE LAYOUT, or push LAYOUT NAME") }
        switch words[0] {
        case "plain": try await writePlain(FilePath(words[1]), to: try layout(words[2]))
        case "gzip": try await writeGzip(FilePath(words[1]), to: try layout(words[2]))
        default: try await push(FilePath(words[1]), to: words[2])
        }
        report("\(try peakMemory())")
    }

    private static func layout(_ text: String) throws -> LayoutDirectory {
        guard case .layout(let path, let tag) = try ImagePlace("oci:" + text) else {
            throw TestSupportError("no layout: \(text)")
        }
        return LayoutDirectory(path, tag: tag ?? "bench")
    }

    /// As a build does: a layer into the image store, and the image from there into a layout.
    private static func writePlain(_ tree: FilePath, to layout: LayoutDirectory) async throws {
        let store = ImageStore(root: layout.path.removingLastComponent().appending("store"))
        let transaction = try store.begin()
        let layer = try await transaction.addLayer(contents(tree)).layer
        let image = try image(of: layer)
        try await transaction.commit(image, as: [try Reference("bench")])
        try await layout.write(image, from: store, progress: nil)
    }

    /// As an export to a place that wants compressed layers does, but without a plain layer on the way.
    private static func writeGzip(_ tree: FilePath, to layout: LayoutDirectory) async throws {
        let file = try ScratchFile(in: layout.path.removingLastComponent().appending("scratch"))
        let packed = try DigestSink(next: try FileSink(replacing: file.path))
        let plain = try DigestSink(next: try CompressionSink(.gzip(), next: packed, threads: 2))
        try contents(tree).write(to: plain)
        let descriptor = Descriptor(
            mediaType: .gzipLayer, digest: try Digest(hex: packed.digest ?? ""), size: packed.count)
        let layer = ImageLayer(descriptor: descriptor, diffID: try Digest(hex: plain.digest ?? ""))
        try await layout.write(
            try image(of: layer), from: OneBlob(content: .file(file.path, offset: 0, size: packed.count)), progress: nil
        )
    }

    private static func push(_ layout: FilePath, to name: String) async throws {
        let reference = try Reference(name)
        var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
        options.insecure = [reference.registry ?? ""]
        let source = LayoutDirectory(layout, tag: "bench")
        let scratch = layout.removingLastComponent().appending("scratch")
        try await RegistryImage(reference, options: options, temporaryFolder: scratch)
            .write(try await source.image(), from: source, progress: nil)
    }

    private static func contents(_ tree: FilePath) -> LayerContents {
        LayerContents([.tree(tree, at: "/tree", owner: .root)])
    }

    private static func image(of layer: ImageLayer) throws -> Image {
        var builder = ImageBuilder()
        builder.configuration.created = "1980-01-01T00:00:01Z"
        builder.append(layer, createdBy: "bench")
        return try builder.image()
    }

    private static func peakMemory() throws -> Int {
        let line = try FilePath("/proc/self/status").readText().split(separator: "\n")
            .first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropLast().last.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}

/// The only blob there is.
private struct OneBlob: BlobSource {
    let content: BlobContent

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent { content }
}
