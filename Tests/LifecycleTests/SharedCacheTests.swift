import BuildpackAPI
import Diagnostics
import Files
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

/// A cache that several machines share: it makes builds faster, and never makes another image.
@Suite("A shared cache")
struct SharedCacheTests {
    private static let key = String(repeating: "a", count: 64)
    private static let entry = String(repeating: "b", count: 64)
    private static let dependency = "dependencies/\(key)/\(entry)"

    @Test(
        "names lead to the folders of caches and nowhere else",
        arguments: [
            (dependency, true), ("toolchains/otp-27.3.4-ubuntu-22.04", true), ("layers/sha256:\(key).tar", true),
            ("layers/\(CacheMetadata.fileName)", true), ("", false), ("dependencies", false),
            ("dependencies/\(key)", false), ("dependencies/\(key)/..", false), ("dependencies/../\(key)", false),
            ("dependencies/\(key)/\(entry)/x", false), ("toolchains/..", false), ("toolchains/.part-1", false),
            ("toolchains/a/b", false), ("layers/../x", false), ("layers/x.tar", false), ("/etc/passwd", false),
            ("other/x", false), ("toolchains/a\nb", false), ("helpers/helper-0123456789abcdef", true),
            ("helpers/beams-0123456789abcdef", true), ("helpers/beams-..", false),
            ("helpers/x-0123456789abcdef", false),
            ("helpers/beams-0123456789abcdef/x", false),
        ])
    func names(name: String, isRight: Bool) {
        #expect((CacheShelves.kind(of: name) != nil) == isRight)
    }

    /// A machine's caches with one dependency and two toolchains.
    private func fill(_ root: FilePath) throws {
        let entry = root.appending(Self.dependency)
        try entry.appending("entry.json").write("{}")
        try entry.appending("build/ebin/a.beam").write("beam")
        try entry.appending("build/priv/run").write("#!/bin/sh\n", mode: 0o755)
        try entry.appending("build/link").makeLink(to: "../../priv")
        try root.appending("toolchains/otp-27.0-ubuntu-22.04/bin/erl").write("erl", mode: 0o755)
        try root.appending("toolchains/elixir-1.18.0/bin/elixir").write("elixir", mode: 0o755)
        try root.appending("dependencies/.seed/x").write("no entry")
    }

    private func exported(_ folder: FilePath) async throws -> (LayoutDirectory, Image) {
        let root = folder.appending("first")
        try fill(root)
        let shelves = CacheShelves(root: root)
        #expect(shelves.all().count == 3)
        let layout = LayoutDirectory(folder.appending("cache"), tag: "cache")
        let (image, blobs) = try CacheExport(shelves: shelves, scratch: folder.appending("tmp")).image(
            of: shelves.all())
        try await layout.write(image, from: blobs, progress: nil)
        return (layout, image)
    }

    private func bring(
        _ image: Image, _ blobs: any BlobSource, to root: FilePath,
        fits: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> CacheImport.Outcome {
        try await CacheImport(shelves: CacheShelves(root: root), scratch: root.appending(".shared"), fits: fits)
            .bring(try CacheImage(image, blobs: blobs))
    }

    @Test("what one machine writes another one has, and no path of a machine is in it")
    func roundTrip() async throws {
        try await withTemporaryFolder { folder in
            let (layout, image) = try await exported(folder)
            let text = String(decoding: image.configurationBytes, as: UTF8.self)
            #expect(!text.contains(folder.string))
            let root = folder.appending("second")
            let outcome = try await bring(image, layout, to: root) { !$0.hasPrefix("otp-27") }
            #expect(outcome.problems == [] && outcome.brought == [Self.dependency, "toolchains/elixir-1.18.0"])
            let (old, new) = (folder.appending("first/\(Self.dependency)"), root.appending(Self.dependency))
            #expect(new.isSameTree(as: old))
            #expect(!root.appending("toolchains/otp-27.0-ubuntu-22.04").isThere)
            // What is there stays, and is not read again.
            let again = try await bring(image, UnreadableBlobs(), to: root) { !$0.hasPrefix("otp-27") }
            #expect(again == CacheImport.Outcome())
        }
    }

    @Test("an entry that the cache has is not read again, and the same entries are the same image")
    func incremental() async throws {
        try await withTemporaryFolder { folder in
            let (_, image) = try await exported(folder)
            let root = folder.appending("first")
            let other = "dependencies/\(Self.key)/\(String(repeating: "c", count: 64))"
            try root.appending(other).appending("entry.json").write("{}")
            removeTree(root.appending(Self.dependency).appending("build"))
            let shelves = CacheShelves(root: root)
            let old = try CacheImage(image, blobs: UnreadableBlobs())
            let export = CacheExport(shelves: shelves, scratch: folder.appending("tmp"))
            let (more, blobs) = try export.image(of: shelves.all(), replacing: old)
            #expect(Set(image.layers).isSubset(of: more.layers) && more.layers.count == image.layers.count + 1)
            let new = try #require(more.layers.first { !image.layers.contains($0) })
            _ = try await blobs.blob(new.descriptor)
            await #expect(throws: Failure.self) { try await blobs.blob(image.layers[0].descriptor) }
            #expect(try export.image(of: shelves.all().filter { $0 != other }, replacing: old).0.id == image.id)
        }
    }

    @Test("an entry that is damaged, cut or another one than the index says is named and left out; the others come")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let (layout, image) = try await exported(folder)
            for change in [Damage.cut, .flip, .other] {
                let root = folder.appending("\(change)")
                let blobs = DamagedBlobs(blobs: layout, digest: image.layers[0].descriptor.digest, damage: change)
                let outcome = try await bring(image, blobs, to: root)
                #expect(outcome.problems.count == 1 && outcome.problems[0].hasPrefix(Self.dependency), "\(outcome)")
                #expect(!root.appending(Self.dependency).isThere)
                #expect(outcome.brought.count == 2)
                #expect(try root.appending(".shared").names() == [])
            }
        }
    }

    @Test("another image, another format and another processor are refused by name")
    func strangers() async throws {
        try await withTemporaryFolder { folder in
            let (layout, image) = try await exported(folder)
            let plain = try ImageBuilder().image()
            let error = #expect(throws: Failure.self) { try CacheImage(plain, blobs: layout) }
            #expect(error?.message == "it is an image, but not a cache")
            var builder = ImageBuilder(base: image)
            builder.configuration.config.labels[CacheImage.label] = #"{"entries":{},"format":99}"#
            let other = try builder.image()
            #expect(throws: Failure.self) { try CacheImage(other, blobs: layout) }
            builder = ImageBuilder(base: image)
            builder.configuration.architecture = "s390x"
            let foreign = try await bring(try builder.image(), layout, to: folder.appending("x"))
            #expect(foreign.brought.isEmpty && foreign.problems[0].contains("linux/s390x"))
        }
    }

    // MARK: - Builds

    /// Says whether it got its layer back, and makes it if not.
    private func buildpack(in folder: FilePath) throws -> ScriptedBuildpack {
        try ScriptedBuildpack(
            "a", in: folder,
            build: """
                test -f $1/l/file && echo it is back || echo it is not back
                mkdir -p $1/l && echo x > $1/l/file
                printf '[types]\\nlaunch = true\\ncache = true\\n' > $1/l.toml
                """)
    }

    private func build(
        _ bench: TestBench, _ given: ScriptedBuildpack, _ cache: FilePath
    ) async throws -> [LifecycleEvent] {
        var request = BuildRequest(image: try Reference("app"), project: bench.project)
        request.buildpacks = [.folder(given.folder)]
        request.cacheImage = .layout(cache, tag: "cache")
        var services = bench.services()
        services.existing = { place in
            guard case .layout(let path, let tag) = place, path.isThere else { return nil }
            let layout = LayoutDirectory(path, tag: tag)
            return (try await layout.image(), layout)
        }
        let build = Creator(buildpacks: BuildpackStore([], order: []), services: services).create(request)
        var events: [LifecycleEvent] = []
        for await event in build.events { events.append(event) }
        await build.end()
        return events
    }

    @Test("a build on a second machine has the cached layers of the first, and makes the same image")
    func secondMachine() async throws {
        try await withTemporaryFolder { folder in
            let cache = folder.appending("cache")
            let given = try buildpack(in: folder)
            let first = try TestBench(folder.appending("one/first"))
            let made = try await build(first, given, cache)
            #expect(made.report != nil && made.text.contains("it is not back"), "\(made.text)")
            #expect(made.text.contains("is not there yet") && made.text.contains("(cache)"))
            let second = try TestBench(folder.appending("two/second"))
            let warm = try await build(second, given, cache)
            #expect(warm.text.contains("it is back"), "\(warm.text)")
            #expect(warm.report?.manifestDigest == made.report?.manifestDigest)
            // Nothing is new, so the cache stays as it is.
            #expect(!warm.text.contains("(cache)"), "\(warm.text)")
        }
    }

    @Test("an image that is not a cache is neither read as one nor replaced")
    func noCache() async throws {
        try await withTemporaryFolder { folder in
            let cache = folder.appending("cache")
            let image = try ImageBuilder().image()
            let layout = LayoutDirectory(cache, tag: "cache")
            try await layout.write(image, from: UnreadableBlobs(), progress: nil)
            let events = try await build(try TestBench(folder.appending("one")), try buildpack(in: folder), cache)
            #expect(events.report != nil && events.text.contains("but not a cache"), "\(events.text)")
            #expect(try await layout.image().digest == image.digest)
        }
    }

    @Test("a damaged cache is named, the build is a cold one, and the image the same")
    func damagedCache() async throws {
        try await withTemporaryFolder { folder in
            let cache = folder.appending("cache")
            let given = try buildpack(in: folder)
            let first = try TestBench(folder.appending("one/first"))
            let made = try await build(first, given, cache)
            for name in try cache.appending("blobs/sha256").names() {
                let blob = cache.appending("blobs/sha256/\(name)")
                let bytes = try blob.readBytes()
                // The layers are tars.
                guard bytes.count % 512 == 0 else { continue }
                removeTree(blob)
                try blob.write(String(repeating: "x", count: bytes.count))
            }
            let second = try TestBench(folder.appending("two/second"))
            let cold = try await build(second, given, cache)
            #expect(cold.text.contains("it is not back"), "\(cold.text)")
            #expect(cold.text.contains("the cache oci:\(cache):cache: layers: "), "\(cold.text)")
            #expect(cold.report?.manifestDigest == made.report?.manifestDigest)
            try cache.appending("index.json").write("{")
            let third = try TestBench(folder.appending("three/third"))
            let other = try await build(third, given, cache)
            #expect(other.text.contains("the build goes on without it"), "\(other.text)")
            #expect(other.report?.manifestDigest == made.report?.manifestDigest)
        }
    }
}

private enum Damage { case cut, flip, other }

/// Gives one blob with other bytes.
private struct DamagedBlobs: BlobSource {
    let blobs: any BlobSource
    let digest: Digest
    let damage: Damage

    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        let content = try await blobs.blob(descriptor)
        guard descriptor.digest == digest else { return content }
        let sink = MemorySink()
        try content.write(to: sink)
        var bytes = sink.bytes
        switch damage {
        case .cut: bytes.removeLast(bytes.count / 2)
        case .flip: bytes[700] ^= 1
        case .other: bytes = Array("not what was asked for".utf8)
        }
        return .bytes(bytes)
    }
}

/// A source from which nothing may be read.
private struct UnreadableBlobs: BlobSource {
    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent {
        throw Failure(.unreadable, "\(descriptor.digest) was read")
    }
}
