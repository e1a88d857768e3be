import BuildpackAPI
import Diagnostics
import Files
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The cache after a build that was refused for a secret")
struct RefusedBuildTests {
    private static let value = "m4rk3r-m4rk3r-m4rk3r"
    private static let token = PlatformVariable(name: "API_TOKEN", value: value)

    /// A buildpack that works in the layer `work`, and makes the launch layer `code` with the value in it or not.
    private static func buildpack(leaks: Bool) -> StaticBuildpack {
        var buildpack = StaticBuildpack("writing")
        buildpack.knownDependencies = nil
        buildpack.make = { context in
            let layers = context.layersDirectory
            let text = leaks ? Self.value : "fine"
            try layers.appending("code/settings").write(text)
            try layers.appending("work/source.ex").write(text)
            try layers.appending("work/other.ex").write("kept")
            try layers.appending("work/_build/prod/lib/app/ebin/a.beam").write(text)
            try layers.appending("work/_build/prod/lib/app/.mix/manifest").write("of app")
            try layers.appending("work/_build/prod/lib/dep/ebin/b.beam").write("of dep")
            if leaks { try layers.appending("work/\(Self.value).txt").write("") }
            try context.cacheDirectory.appending("memory").write(text)
            return BuildResult(
                layers: [LayerContribution("code", types: .launch), LayerContribution("work", types: .cache)],
                processes: [ProcessType("web", command: ["/bin/true"], isDefault: true)])
        }
        return buildpack
    }

    @Test("The records are as they were, and what holds the value is gone, with what cannot be used without it")
    func cleaned() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            _ = try await bench.build([Self.buildpack(leaks: false)]) { $0.variables = [Self.token] }
            let records = try bench.cache.records.tree().map { try bench.cache.records.appending($0).readText() }
            let image = try #require(try bench.store.image(for: Reference("app")))
            let events = try await bench.build([Self.buildpack(leaks: true)]) { $0.variables = [Self.token] }
            #expect(events.failure?.secret == "API_TOKEN")
            #expect(try await filesHolding(Self.value, in: bench.cacheRoot) == [])
            let names = try bench.cacheRoot.tree()
            #expect(!names.contains { $0.contains(Self.value) })
            #expect(names.contains { $0.hasSuffix("work/other.ex") } && names.contains { $0.hasSuffix("ebin/b.beam") })
            #expect(!names.contains { $0.hasSuffix(".mix/manifest") || $0.hasSuffix("code/settings") })
            #expect(try bench.cache.records.tree().map { try bench.cache.records.appending($0).readText() } == records)
            #expect(try bench.store.image(for: Reference("app"))?.digest == image.digest)
            // Nothing of it was there before, so nothing is said of earlier builds.
            #expect(!events.text.contains("earlier builds"))
            #expect(try await bench.build([Self.buildpack(leaks: false)]) { $0.variables = [Self.token] }.report != nil)
        }
    }

    @Test("What an earlier build left with the value goes too, and is named")
    func older() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            _ = try await bench.build([Self.buildpack(leaks: false)]) { $0.variables = [Self.token] }
            let old = bench.cache.buildpacks.appending("writing/old")
            try old.write(Self.value)
            try await Task.sleep(for: .milliseconds(30))
            let events = try await bench.build([Self.buildpack(leaks: true)]) { $0.variables = [Self.token] }
            #expect(events.failure?.secret == "API_TOKEN")
            #expect(
                events.text.contains(
                    "removed from the cache what earlier builds left with the value of API_TOKEN: "
                        + "buildpacks/writing/old"))
            #expect(!old.exists)
        }
    }

    @Test("A failure of another kind leaves the cache alone")
    func otherFailure() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = Self.buildpack(leaks: true)
            let make = buildpack.make
            buildpack.make = { context in
                _ = try await make(context)
                throw Failure(.commandFailed, "no")
            }
            let events = try await bench.build([buildpack]) { $0.variables = [Self.token] }
            #expect(events.failure?.message == "no")
            #expect(bench.cache.layers.appending("writing/work/source.ex").exists)
        }
    }

    @Test("A path of a source that holds a value is in no record")
    func sourceIndex() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            try bench.project.appending("test/\(Self.value).txt").write("x")
            let events = try await bench.build([StaticBuildpack("none")]) { $0.variables = [Self.token] }
            #expect(events.report != nil, "\(events.failure?.message ?? "")")
            #expect(try bench.cache.sourceIndex.readText().contains("mix.exs"))
            #expect(try await filesHolding(Self.value, in: bench.cacheRoot) == [])
        }
    }
}
