import BuildpackAPI
import Diagnostics
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("A build from its first event to its last")
struct CreatorTests {
    /// A buildpack with one launch layer that holds the project's mix.exs.
    private func copying() -> StaticBuildpack {
        var buildpack = StaticBuildpack("copying")
        buildpack.make = { context in
            let layer = context.layersDirectory.appending("code")
            try layer.appending("mix.exs").write(context.applicationDirectory.appending("mix.exs").readText())
            return BuildResult(
                layers: [LayerContribution("code", types: .launch, metadata: ["version": .string("1")])],
                processes: [ProcessType("web", command: ["/bin/true"], isDefault: true)],
                labels: ["org.example": "yes"], imageEnvironment: ["PORT": "4000"], exposedPorts: [4000])
        }
        return buildpack
    }

    @Test("All buildpacks of a build share what one worked out, and the next build works it out anew")
    func memory() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let looks = Looks()
            let buildpacks = ["first", "second"].map {
                LookingBuildpack(descriptor: StaticBuildpack($0).descriptor, looks: looks)
            }
            let order = [buildpacks.map { BuildpackReference(id: $0.descriptor.id) }]
            let creator = Creator(buildpacks: BuildpackStore(buildpacks, order: order), services: bench.services())
            for number in 1...2 {
                try bench.project.appending("mix.exs").write("# \(number)")
                let request = BuildRequest(image: try Reference("app"), project: bench.project)
                let build = creator.create(request)
                for await _ in build.events {}
                await build.end()
                #expect(looks.made.withLock { $0 } == number)
                // Dependencies, detect and build, of both.
                #expect(looks.asked.withLock { $0 } == number * 6)
            }
        }
    }

    @Test("Launch layers lie in the order of the buildpacks, those of one in the order of their names")
    func layerOrder() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let buildpacks = [("z", ["b", "a-b", "B", "a"]), ("a", ["d", "c"])].map { id, layers in
                var buildpack = StaticBuildpack(id)
                buildpack.make = { context in
                    for layer in layers { try context.layersDirectory.appending(layer).appending("file").write(layer) }
                    return BuildResult(layers: layers.map { LayerContribution($0, types: .launch) })
                }
                return buildpack
            }
            let report = try #require(try await bench.build(buildpacks).report)
            #expect(
                report.layers.map(\.name)
                    == ["test", "launcher", "config", "app", "B", "a", "a-b", "b", "c", "d"])
            let image = try #require(try bench.store.image(for: Reference("app")))
            #expect(report.layers.map(\.diffID) == image.layers.map(\.diffID))
            #expect(try await bench.paths(of: image, layer: 6).last == "/layers/z/a-b/file")
        }
    }

    @Test("What a buildpack leaves unmet is offered to the next one that provides it, and nothing else is")
    func unmet() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let offered = Mutex<[String: [String]]>([:])
            let needs = ["x", "y"].map { BuildPlan.Requirement($0) }
            let buildpacks = ["first", "second", "third"].map { id in
                var buildpack = StaticBuildpack(id)
                buildpack.result = .pass(BuildPlan(provides: ["x", "y"], requires: needs))
                buildpack.make = { context in
                    offered.withLock { $0[id] = Set(context.plan.map(\.name)).sorted() }
                    return BuildResult(unmet: id == "first" ? ["x"] : [])
                }
                return buildpack
            }
            let events = try await bench.build(buildpacks)
            _ = try #require(events.report, "\(events.text)")
            #expect(offered.withLock { $0 } == ["first": ["x", "y"], "second": ["x"], "third": []])
        }
    }

    @Test("A secret of the machine is masked, may not be in a layer, and builds nothing again when it is renewed")
    func machineSecrets() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            func buildpack(_ key: String, layer: String) -> StaticBuildpack {
                var buildpack = StaticBuildpack("keyed")
                buildpack.ownSecrets = ["hex.config:acme": key]
                buildpack.make = { context in
                    context.reporter(.notice("the key is \(key)"))
                    try context.layersDirectory.appending("code/file").write(layer)
                    return BuildResult(layers: [LayerContribution("code", types: .launch)])
                }
                return buildpack
            }
            let first = try await bench.build([buildpack("key-0123456789", layer: "x")])
            _ = try #require(first.report, "\(first.text)")
            #expect(first.contains { $0.kind == .notice("the key is [hex.config:acme]") }, "\(first.text)")
            let second = try await bench.build([buildpack("key-9876543210", layer: "x")])
            #expect(second.report?.isUnchanged == true)
            let leaking = try await bench.build([buildpack("key-0123456789", layer: "key-0123456789")]) {
                $0.clearsCache = true
            }
            #expect(leaking.report == nil && leaking.text.contains("hex.config:acme"), "\(leaking.text)")
        }
    }

    @Test("Nothing is told after the event that ends a build")
    func terminal() {
        let seen = Mutex<[LifecycleEvent.Kind]>([])
        let emit = EventEmitter(redactor: Redactor(secrets: [:]), now: { 0 }) { event in
            seen.withLock { $0.append(event.kind) }
        }
        emit(.notice("before"))
        emit(.cancelled)
        emit(.notice("after"))
        emit(.failed(BuildFailure(exitCode: 1, message: "after")))
        #expect(seen.withLock { $0 } == [.notice("before"), .cancelled])
    }

    @Test("The image has the run image's layers, the buildpack's, and the lifecycle's own")
    func anatomy() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let events = try await bench.build([copying()])
            let report = try #require(events.report, "\(events.failure?.message ?? "")")
            let image = try #require(try bench.store.image(for: Reference("app")))
            #expect(image.digest == report.manifestDigest)
            #expect(image.id == report.imageID)
            #expect(report.layers.map(\.name) == ["test", "launcher", "config", "process-types", "app", "code"])
            let config = image.configuration.config
            #expect(config.entrypoint == ["/cnb/process/web"])
            #expect(config.workingDirectory == "/workspace")
            #expect(config.variable("PORT") == "4000")
            #expect(config.exposedPorts == ["4000/tcp"])
            #expect(config.labels["org.example"] == "yes")
            #expect(image.configuration.created == "1980-01-01T00:00:01Z")
            try await bench.store.validate(image)
        }
    }

    @Test(
        "Bills of materials are a layer where other platforms look, under the last layer, and go with their buildpack")
    func bills() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = copying()
            let make = buildpack.make
            buildpack.make = { context in
                var result = try await make(context)
                result.bills = ["cdx.json": Array("{}".utf8), "spdx.json": Array("{}".utf8)]
                return result
            }
            let report = try #require(try await bench.build([buildpack]).report)
            #expect(
                report.layers.map(\.name) == ["test", "launcher", "config", "process-types", "app", "sbom", "code"])
            let image = try #require(try bench.store.image(for: Reference("app")))
            let paths = try await bench.paths(of: image, madeBy: "Software Bill-of-Materials")
            #expect(
                paths.filter { $0.hasSuffix(".json") } == [
                    "/layers/sbom/launch/copying/sbom.cdx.json", "/layers/sbom/launch/copying/sbom.spdx.json",
                ])
            let label = image.configuration.config.labels["io.buildpacks.lifecycle.metadata"] ?? ""
            #expect(label.contains("\"sbom\":{\"sha\":\"\(image.layers[5].diffID)\"}"))
            #expect(ImageOrigins(of: image).layers["\(image.layers[5].diffID)"]?.name == "sbom")
            // The next build's image has what its own buildpacks say.
            try bench.project.appending("mix.exs").write("# changed")
            let other = try #require(try await bench.build([copying()]).report)
            #expect(!other.layers.map(\.name).contains("sbom"))
        }
    }

    @Test(
        "Links lead from the root of the image into a layer, but for those in whose place the run image has something")
    func links() async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            var buildpack = copying()
            let make = buildpack.make
            buildpack.make = { context in
                var result = try await make(context)
                result.imageLinks = ["/app": "/layers/a/code", "/srv": "/layers/a/other"]
                return result
            }
            let report = try #require(try await bench.build([buildpack]).report)
            #expect(
                report.layers.map(\.name)
                    == ["test", "launcher", "config", "process-types", "links", "app", "code"])
            let image = try #require(try bench.store.image(for: Reference("app")))
            try await bench.store.validate(image)
            let entries = try await bench.entries(of: image, madeBy: "mixpack: links: /app, /srv")
            #expect(entries.map(\.path) == ["/app", "/srv"])
            #expect(entries.map(\.linkTarget) == ["/layers/a/code", "/layers/a/other"])
            let names = ImageOrigins(of: image).layers
            #expect(names[image.layers[4].diffID.description]?.name == "links")

            bench.takenPaths = ["/app"]
            try bench.project.appending("mix.exs").write("# edited")
            let events = try await bench.build([buildpack])
            let notice = "the run image has its own /app, so the image gets no link of that name to the release"
            #expect(events.contains { $0.kind == .notice(notice) })
            let other = try #require(try bench.store.image(for: Reference("app")))
            #expect(try await bench.paths(of: other, madeBy: "mixpack: links") == ["/srv"])
        }
    }

    @Test("A release that does not fit the run image: warnings are told, an error stops before anything is exported")
    func runImageFit() async throws {
        try await withTemporaryFolder { folder in
            var bench = try TestBench(folder)
            let asked = Mutex<[FilePath]>([])
            bench.check = { layers in
                asked.withLock { $0 = layers }
                return [Diagnostic(.warning, "no od")]
            }
            let good = try await bench.build([copying()])
            #expect(good.report != nil)
            #expect(good.contains { $0.kind == .diagnostic(Diagnostic(.warning, "no od")) })
            #expect(asked.withLock { $0.map { $0.lastComponent?.string } } == ["code"])
            let digest = try bench.store.image(for: Reference("app"))?.digest
            bench.check = { _ in
                [Diagnostic(.error, "no libx", advice: "take another"), Diagnostic(.error, "no liby")]
            }
            try bench.project.appending("mix.exs").write("# edited")
            let failure = try #require(try await bench.build([copying()]).failure)
            #expect(
                failure.message == "the release does not fit the run image test-run-image:latest: no libx (and 1 more)")
            #expect(failure.advice == "take another")
            #expect(failure.exitCode == 62)
            #expect(failure.phase == .export)
            #expect(try bench.store.image(for: Reference("app"))?.digest == digest)
        }
    }

    @Test("Nothing changed: nothing is run, and the same digest comes out")
    func unchanged() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let counter = Counter()
            var buildpack = copying()
            let make = buildpack.make
            buildpack.make = { context in
                counter.increase()
                return try await make(context)
            }
            let first = try #require(try await bench.build([buildpack]).report)
            let second = try #require(try await bench.build([buildpack]).report)
            #expect(counter.value == 1)
            #expect(second.isUnchanged)
            #expect(second.manifestDigest == first.manifestDigest)
            #expect(second.layers.map(\.diffID) == first.layers.map(\.diffID))
        }
    }

    @Test("An edit, a variable and a buildpack that cannot tell each run the buildpacks again")
    func changed() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = copying()
            let first = try #require(try await bench.build([buildpack]).report)
            let variable = try #require(
                try await bench.build([buildpack]) { $0.variables = [PlatformVariable(name: "A", value: "1")] }.report)
            #expect(!variable.isUnchanged)
            try bench.project.appending("mix.exs").write("# edited")
            let edited = try #require(try await bench.build([buildpack]).report)
            #expect(!edited.isUnchanged)
            #expect(edited.manifestDigest != first.manifestDigest)
            buildpack.knownDependencies = nil
            #expect(try await bench.build([buildpack]).report?.isUnchanged == false)
            #expect(try await bench.build([buildpack]).report?.isUnchanged == false)
        }
    }

    @Test("A layer's rules for variables stand in the layer as files")
    func environmentFiles() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = copying()
            let make = buildpack.make
            buildpack.make = { context in
                var result = try await make(context)
                result.layers[0].environment = [
                    EnvironmentRule("A", "1", action: .append, delimiter: ":", scope: .launch),
                    EnvironmentRule("B", "2", action: .default, scope: .process("web")),
                ]
                return result
            }
            #expect(try await bench.build([buildpack]).report != nil)
            let layer = bench.cache.layers.appending("copying").appending("code").appending("env.launch")
            #expect(try layer.appending("A.append").readText() == "1")
            #expect(try layer.appending("A.delim").readText() == ":")
            #expect(try layer.appending("web").appending("B.default").readText() == "2")
        }
    }

    @Test("A build that fails leaves the image as it was")
    func failureLeavesImage() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let before = try #require(try await bench.build([copying()]).report)
            var broken = copying()
            broken.knownDependencies = ["x": "2"]
            broken.make = { _ in throw Failure(.commandFailed, "mix release failed") }
            let failure = try #require(try await bench.build([broken]).failure)
            #expect(failure.exitCode == 51)
            #expect(failure.phase == .build)
            #expect(try bench.store.image(for: Reference("app"))?.digest == before.manifestDigest)
        }
    }

    @Test("A cancelled build ends with `cancelled` and leaves the image as it was")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var hanging = copying()
            hanging.make = { _ in
                try await Task.sleep(for: .seconds(3600))
                return BuildResult()
            }
            let build = try bench.create([hanging])
            var last: LifecycleEvent?
            for await event in build.events {
                if case .buildpackStarted(.build, _, _) = event.kind { build.cancel() }
                last = event
            }
            await build.end()
            #expect(last?.kind == .cancelled)
            #expect(try bench.store.image(for: Reference("app")) == nil)
        }
    }

    @Test("No buildpack takes part: exit code 20 and the reason")
    func nothingFits() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var buildpack = StaticBuildpack("picky")
            buildpack.result = .fail(reason: "no mix.exs")
            let failure = try #require(try await bench.build([buildpack]).failure)
            #expect(failure.exitCode == 20)
            #expect(failure.message.contains("no mix.exs"))
        }
    }

    @Test("A secret that a buildpack prints reaches no event")
    func secretsMasked() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var leaking = copying()
            leaking.make = { context in
                let value = context.platformVariables["API_TOKEN"] ?? ""
                context.reporter(.output(text: "token is \(value)\n", isError: false))
                context.reporter(.notice("notice \(value)"))
                context.reporter(.diagnostic(Diagnostic(.warning, "diagnostic \(value)", advice: value)))
                context.reporter(.commandStarted(id: 1, text: "curl \(value)"))
                throw Failure(.commandFailed, "failed with \(value)", advice: "not \(value)")
            }
            let events = try await bench.build([leaking]) {
                $0.variables = [PlatformVariable(name: "API_TOKEN", value: "m4rk3r-value")]
            }
            #expect(!events.text.contains("m4rk3r-value"))
            #expect(events.text.contains("[API_TOKEN]"))
        }
    }

    @Test("A secret that the project compiles in stops the build where that is forbidden")
    func forbiddenSecrets() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            var compiling = copying()
            let make = compiling.make
            compiling.make = { context in
                var result = try await make(context)
                result.compiledSecrets = [CompiledSecret(name: "SECRET_KEY_BASE", file: "config/prod.exs", line: 3)]
                return result
            }
            let image = try #require(try await bench.build([compiling]).report)
            #expect(image.isUnchanged == false)
            let labels = try bench.store.image(for: Reference("app"))?.configuration.config.labels
            #expect(labels?["io.mixpack.compiled-secrets"] == "SECRET_KEY_BASE")
            let failure = try #require(try await bench.build([compiling]) { $0.forbidsSecrets = true }.failure)
            #expect(failure.exitCode == 1)
            #expect(failure.message.hasPrefix("config/prod.exs:3 "))
            let allowed = try await bench.build([compiling]) {
                $0.forbidsSecrets = true
                $0.allowedSecrets = ["SECRET_KEY_BASE"]
            }
            #expect(allowed.report != nil)
        }
    }

    @Test("An OCI layout named as output holds the same image")
    func output() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let place = ImagePlace.layout(folder.appending("out"), tag: "v1")
            let report = try #require(try await bench.build([copying()]) { $0.outputs = [place] }.report)
            #expect(report.places.contains(place.description))
            let image = try await LayoutDirectory(folder.appending("out"), tag: "v1").image()
            #expect(image.digest == report.manifestDigest)
            #expect(report.pushed == nil)
        }
    }

    @Test("The report names what a registry has by its own digest, also where nothing has changed")
    func pushed() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let digest = try Digest(of: Array("compressed".utf8))
            var services = bench.services()
            services.destination = { _, _ in FixedDestination(digest: digest) }
            for _ in 1...2 {
                var request = BuildRequest(image: try Reference("app"), project: bench.project)
                request.outputs = [.registry(try Reference("r.example/app:1"))]
                let build = Creator(
                    buildpacks: BuildpackStore([copying()], order: [[BuildpackReference(id: "copying")]]),
                    services: services
                ).create(request)
                var report: BuildReport?
                for await event in build.events { if case .finished(let end) = event.kind { report = end } }
                await build.end()
                #expect(report?.pushed?.map(\.reference) == ["r.example/app:1@\(digest)"])
                #expect(report?.pushed?.first?.place == "docker://r.example/app:1")
                #expect(report?.manifestDigest != digest)
            }
        }
    }
}

/// Counts calls.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increase() { count.withLock { $0 += 1 } }
}

/// How often something was asked for, and how often it was worked out.
private final class Looks: Sendable {
    let asked = Mutex(0)
    let made = Mutex(0)

    func ask(_ memory: BuildMemory) {
        asked.withLock { $0 += 1 }
        memory.value(for: ["look"]) { made.withLock { $0 += 1 } }
    }
}

/// A buildpack that asks the build's memory wherever it is called.
private struct LookingBuildpack: Buildpack {
    let descriptor: BuildpackDescriptor
    let looks: Looks

    func dependencies(_ context: DetectContext) -> [String: String]? {
        looks.ask(context.memory)
        return [:]
    }

    func detect(_ context: DetectContext) async throws -> DetectResult {
        looks.ask(context.memory)
        return .pass(BuildPlan())
    }

    func build(_ context: BuildContext) async throws -> BuildResult {
        looks.ask(context.memory)
        return BuildResult()
    }
}
