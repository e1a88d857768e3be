import BuildpackAPI
import Diagnostics
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

/// A build on a machine that does not have the image which it replaces.
@Suite("The previous image of a fresh machine")
struct PreviousImageTests {
    /// Makes a layer once, and from then on keeps the one of the previous image by its metadata alone.
    private func buildpack(in folder: FilePath) throws -> ScriptedBuildpack {
        try ScriptedBuildpack(
            "a", in: folder,
            build: """
                if test -f $1/l.toml; then
                    printf '[types]\\nlaunch = true\\n[metadata]\\nk = "v"\\n' > $1/l.toml
                    exit
                fi
                mkdir $1/l && echo x > $1/l/file && printf '[types]\\nlaunch = true\\n[metadata]\\nk = "v"\\n' > $1/l.toml
                """)
    }

    private func build(
        _ bench: TestBench, _ given: ScriptedBuildpack, from place: ImagePlace?, outputs: [ImagePlace] = [],
        existing: @escaping @Sendable (ImagePlace) async throws -> (image: Image, blobs: any BlobSource)?
    ) async throws -> [LifecycleEvent] {
        var request = BuildRequest(image: try Reference("r.test/app:1"), project: bench.project)
        request.buildpacks = [.folder(given.folder)]
        request.previousImage = place
        request.outputs = outputs
        var services = bench.services()
        services.existing = existing
        services.destination = { _, _ in FixedDestination(digest: try Digest(of: [1])) }
        let build = Creator(buildpacks: BuildpackStore([], order: []), services: services).create(request)
        var events: [LifecycleEvent] = []
        for await event in build.events { events.append(event) }
        await build.end()
        return events
    }

    @Test(
        "its layers are kept by digest and fetched only if the store lacks them; the image is the first machine's",
        arguments: [true, false])
    func fresh(isNamed: Bool) async throws {
        try await withTemporaryFolder { folder in
            let first = try TestBench(folder.appending("first"))
            let given = try buildpack(in: folder)
            let made = try await build(first, given, from: nil) { _ in nil }
            #expect(made.report != nil, "\(made.text)")
            let image = try #require(try first.store.image(for: Reference("r.test/app:1")))
            let second = try TestBench(folder.appending("second"))
            let replaced = ImagePlace.registry(try Reference("r.test/app:1"))
            let named = ImagePlace.registry(try Reference("r.test/other:1"))
            let store = first.store
            let events = try await build(
                second, given, from: isNamed ? named : nil, outputs: isNamed ? [] : [replaced]
            ) { place in place == (isNamed ? named : replaced) ? (image, store) : nil }
            #expect(events.layerChanges.contains("restored l") && events.layerChanges.contains("reused l"))
            #expect(events.text.contains("fetching the layer a:l from docker://r.test/"), "\(events.text)")
            #expect(try second.store.image(for: Reference("r.test/app:1"))?.digest == image.digest)
            try await second.store.validate(image)
        }
    }

    @Test("one that is not there keeps nothing and fails nothing; one that cannot be read fails only if it was named")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try buildpack(in: folder)
            let place = ImagePlace.registry(try Reference("r.test/app:1"))
            let absent = try await build(bench, given, from: place) { _ in nil }
            #expect(absent.report != nil && absent.text.contains("there is no previous image docker://r.test/app:1"))
            let other = try TestBench(folder.appending("other"))
            let broken = try await build(other, given, from: nil, outputs: [place]) { _ in
                throw Failure(.transport, "r.test does not answer")
            }
            #expect(broken.report != nil && broken.text.contains("r.test does not answer; no layer is kept from it"))
            let third = try TestBench(folder.appending("third"))
            let named = try await build(third, given, from: place) { _ in
                throw Failure(.transport, "r.test does not answer")
            }
            #expect(named.failure?.exitCode == ExitCode.analyze, "\(named.text)")
            #expect(named.failure?.message.contains("cannot read the previous image docker://r.test/app:1") == true)
        }
    }

    @Test("a registry that the name leaves out is named in full before it is asked")
    func registryInFull() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let place = ImagePlace.registry(try Reference("app"))
            let events = try await build(bench, try buildpack(in: folder), from: nil, outputs: [place]) { _ in nil }
            #expect(events.text.contains("pushing to docker.io/library/app:latest"), "\(events.text)")
        }
    }

    @Test("a layer that unpacks to something else than the previous image says is not taken")
    func damaged() async throws {
        try await withTemporaryFolder { folder in
            let first = try TestBench(folder.appending("first"))
            let given = try buildpack(in: folder)
            _ = try await build(first, given, from: nil) { _ in nil }
            let image = try #require(try first.store.image(for: Reference("r.test/app:1")))
            let second = try TestBench(folder.appending("second"))
            let place = ImagePlace.registry(try Reference("r.test/app:1"))
            let events = try await build(second, given, from: place) { _ in (image, WrongBlobs()) }
            #expect(events.failure?.message.contains("unpacks to sha256:") == true, "\(events.text)")
            #expect(try second.store.image(for: Reference("r.test/app:1")) == nil)
        }
    }
}

/// Gives other bytes than it is asked for.
private struct WrongBlobs: BlobSource {
    func blob(_ descriptor: Descriptor) async throws(Failure) -> BlobContent { .bytes(Array("wrong".utf8)) }
}
