import BuildpackAPI
import Files
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Launch layers in memory")
struct LaunchMemoryTests {
    /// Where a buildpack's layers went, build after build.
    private final class Places: Sendable {
        let all = Mutex<[FilePath?]>([])
    }

    /// A buildpack whose layer goes into memory, if there is some.
    private func buildpack(_ places: Places, usesMemory: Bool = true) -> StaticBuildpack {
        var buildpack = StaticBuildpack("made")
        buildpack.make = { context in
            places.all.withLock { $0.append(context.launchMemory) }
            let memory = usesMemory ? context.launchMemory : nil
            let folder = (memory ?? context.layersDirectory).appending("code")
            try folder.appending("run.sh").write("#!/bin/sh\n", mode: 0o755)
            var layer = LayerContribution("code", types: .launch)
            layer.folder = memory.map { _ in folder }
            return BuildResult(
                layers: [layer], processes: [ProcessType("web", command: ["/layers/made/code/run.sh"])])
        }
        return buildpack
    }

    @Test("They make the same image as layers on the disk, and are gone when it is there")
    func sameImage() async throws {
        try await withTemporaryFolder { folder in
            let places = Places()
            var digests: [Digest?] = []
            for usesMemory in [true, false] {
                let bench = try TestBench(folder.appending("\(usesMemory)"))
                let report = try await bench.build([buildpack(places, usesMemory: usesMemory)]).report
                digests.append(report?.manifestDigest)
                #expect(report?.layers.first { $0.name == "code" }?.files == 1)
                #expect(bench.cache.layers.appending("made/code").exists == !usesMemory)
            }
            #expect(digests[0] != nil && digests[0] == digests[1])
            let memory = try places.all.withLock { try $0.map { try #require($0) } }
            #expect(memory.allSatisfy { $0.string.hasPrefix("/dev/shm/mixpack-") && !$0.exists })
        }
    }

    @Test("After a build that failed the user can look at them on the disk, and the next build has memory again")
    func failed() async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            bench.check = { _ in [.init(.error, "no libx")] }
            let places = Places()
            let events = try await bench.build([buildpack(places)])
            #expect(events.failure?.phase == .export)
            let kept = bench.cache.layers.appending("made/code")
            #expect(try kept.appending("run.sh").readText() == "#!/bin/sh\n")
            let last = events.compactMap { event in
                if case .layer(.created, let layer) = event.kind { layer } else { nil }
            }.last
            #expect(last?.directory == kept.string && last?.reason == "kept, because the build failed")
            bench.check = { _ in [] }
            #expect(try await bench.build([buildpack(places)]).report != nil)
            #expect(places.all.withLock { $0.allSatisfy { $0?.exists == false } && $0.count == 2 })
        }
    }

    @Test("A build that is refused because of a secret leaves none of them on the disk")
    func refused() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let places = Places()
            var leaking = buildpack(places)
            let make = leaking.make
            leaking.make = { context in
                let result = try await make(context)
                try #require(result.layers[0].folder).appending("key").write("hush-hush-hush")
                return result
            }
            let events = try await bench.build([leaking]) {
                $0.variables = [PlatformVariable(name: "KEY", value: "hush-hush-hush", isSecret: true)]
                $0.forbidsSecrets = true
            }
            #expect(events.failure?.message.contains("KEY") == true, "\(events.text)")
            #expect(!bench.cache.layers.appending("made/code").exists)
        }
    }

    @Test("A build that is cancelled keeps none of them")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            let places = Places()
            bench.check = { _ in
                try await Task.sleep(for: .seconds(600))
                return []
            }
            let build = try bench.create([buildpack(places)])
            var events: [LifecycleEvent] = []
            for await event in build.events {
                events.append(event)
                if case .layer(.created, _) = event.kind { build.cancel() }
            }
            await build.end()
            #expect(events.last?.kind == .cancelled)
            #expect(!bench.cache.layers.appending("made/code").exists)
            #expect(places.all.withLock { $0.allSatisfy { $0?.exists == false } && $0.count == 1 })
        }
    }

    @Test("Images for other platforms are made from folders of the cache", arguments: [true, false])
    func platforms(withOwn: Bool) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let places = Places()
            _ = try await bench.build([buildpack(places)]) {
                let all = [try Platform("linux/amd64"), try Platform("linux/arm64")]
                $0.platforms = all.filter { withOwn || !$0.isThisMachine }
            }
            #expect(places.all.withLock { $0 } == [nil])
        }
    }

    @Test("There is none where the room is not ample, or no memory")
    func noRoom() throws {
        try withTemporaryFolder { folder in
            #expect(LaunchMemory(after: nil, in: SharedMemory(folder)) == nil)
            #expect(LaunchMemory(after: .max) == nil)
            let memory = try #require(LaunchMemory(after: 1 << 20))
            #expect(FileStamp(of: memory.path)?.permissions == 0o700)
            memory.remove()
            #expect(!memory.path.exists)
        }
    }
}
