import BuildpackAPI
import Diagnostics
import Files
import Glibc
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("A prune of the store and the caches")
struct PruningTests {
    /// A project with a cache as a build leaves it.
    private func build(_ name: String, in folder: FilePath) throws -> ProjectCache {
        let project = folder.appending("src").appending(name)
        try project.appending("mix.exs").write("")
        let cache = ProjectCache(project: project, root: folder.appending("cache"))
        try cache.prepare()
        try cache.lock.write("")
        try cache.layers.appending("deps/file").write(String(repeating: "x", count: 1000))
        try cache.directory.appending("choices.json").write("{}")
        return cache
    }

    private func pruning(_ folder: FilePath, known: [FilePath] = []) -> Pruning {
        Pruning(
            store: ImageStore(root: folder.appending("images")),
            caches: CacheRoot(folder.appending("cache"), known: known))
    }

    @Test("caches say whose they are; those from before are known by the projects that were open")
    func owners() throws {
        try withTemporaryFolder { folder in
            let (new, old) = (try build("new", in: folder), try build("old", in: folder))
            let foreign = try build("foreign", in: folder)
            for cache in [old, foreign] { removeTree(cache.owner) }
            let known = folder.appending("src/old")
            let projects = try pruning(folder, known: [known]).holdings(now: 0).caches.projects
            #expect(projects.map(\.name) == ["foreign", "new", "old"])
            #expect(projects.map(\.path) == [nil, folder.appending("src/new").realPath, known])
            #expect(projects.allSatisfy { $0.isThere && $0.bytes > 1000 })
            #expect(new.owner.text == folder.appending("src/new").realPath?.string)
        }
    }

    @Test("a cache goes but for the lock and the last choices; one in a build stays")
    func cache() throws {
        try withTemporaryFolder { folder in
            let cache = try build("shop", in: folder)
            let pruning = pruning(folder)
            let holdings = try pruning.holdings(now: 0)
            let step = PrunePlan.step(for: holdings.caches.projects[0], "named")
            let plan = PrunePlan(holdings, naming: [step])
            let lock = try FileLock(creating: cache.lock)
            let refused = try pruning.carryOut(plan)
            #expect(refused.freed == 0 && refused.kept.count == 1)
            #expect(cache.layers.appending("deps/file").isThere)
            lock.release()
            #expect(try pruning.carryOut(plan).freed >= 1000)
            #expect(try cache.directory.names().sorted() == ["choices.json", "lock", "project"])
            #expect(try pruning.holdings(now: 0).caches.projects.isEmpty)
        }
    }

    @Test("the cache of a project that is gone goes whole")
    func gone() throws {
        try withTemporaryFolder { folder in
            let cache = try build("shop", in: folder)
            removeTree(folder.appending("src/shop"))
            let pruning = pruning(folder)
            let plan = PrunePlan(try pruning.holdings(now: 0), PruneRules())
            #expect(plan.steps.map(\.reason) == ["its project is gone"])
            _ = try pruning.carryOut(plan)
            #expect(!cache.directory.isThere)
        }
    }

    @Test("an image is known by the project that built it, whatever it is called")
    func origins() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            #expect(try await bench.build([StaticBuildpack("one")]).report != nil)
            let holdings = try Pruning(store: bench.store, caches: CacheRoot(bench.cacheRoot)).holdings(now: 0)
            let app = try #require(holdings.store[Reference("app"), .image])
            #expect(holdings.origin(of: app) == "built from \(bench.project.realPath ?? "")")
            let other = try #require(holdings.store[Reference("run-image"), .image])
            #expect(holdings.origin(of: other) == "no build that is known")
        }
    }

    @Test("a name that goes while the build writes the image elsewhere costs the build nothing")
    func duringExport() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let store = bench.store
            var services = bench.services()
            services.destination = { place, _ in
                try store.remove(try store.inventory().entries.map(\.item))
                try store.collectGarbage()
                guard case .layout(let path, let tag) = place else { throw Failure(.unsupported, "\(place)") }
                return LayoutDirectory(path, tag: tag)
            }
            let buildpack = StaticBuildpack("one")
            var request = BuildRequest(image: try Reference("app"), project: bench.project)
            request.outputs = [.layout(folder.appending("out"), tag: "1")]
            let build = Creator(
                buildpacks: BuildpackStore([buildpack], order: [[BuildpackReference(id: buildpack.descriptor.id)]]),
                services: services
            ).create(request)
            var events: [LifecycleEvent] = []
            for await event in build.events { events.append(event) }
            await build.end()
            #expect(events.failure == nil, "\(events.text)")
            let written = try await LayoutDirectory(folder.appending("out"), tag: "1").image()
            #expect(written.digest == events.report?.manifestDigest)
        }
    }
}
