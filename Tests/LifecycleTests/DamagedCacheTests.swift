import BuildpackAPI
import Diagnostics
import LayerArchive
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

/// A seeded tenth of the changes; `make soak` tries all.
@Suite("Builds and rebases over a store and a cache that were damaged") struct DamagedCacheTests {
    private func buildpack() -> StaticBuildpack {
        var buildpack = StaticBuildpack("copying")
        buildpack.make = { context in
            let layer = context.layersDirectory.appending("code")
            try layer.appending("mix.exs").write(context.applicationDirectory.appending("mix.exs").readText())
            return BuildResult(
                layers: [LayerContribution("code", types: .launch)],
                processes: [ProcessType("web", command: ["/bin/true"], isDefault: true)])
        }
        return buildpack
    }

    @Test("a build over a damaged store or cache gives the right image, or says what is wrong")
    func builds() async throws {
        try await withTemporaryFolder { folder in
            let clean = try TestBench(folder.appending("clean"))
            let wanted = [
                try #require(try await clean.build([buildpack()]).report).manifestDigest, try await edited(clean),
            ]
            for seed in 0..<Corruption.rounds {
                let bench = try TestBench(folder.appending("run-\(seed)"))
                _ = try await bench.build([buildpack()])
                let part = seed.isMultiple(of: 2) ? bench.store.root : bench.cacheRoot
                let what = try Corruption.strike(part, seed: seed)
                let isEdited = seed % 4 < 2
                if isEdited { try bench.project.appending("mix.exs").write("# edited") }
                let out = LayoutDirectory(bench.folder.appending("out"), tag: "1")
                let events = try await bench.build([buildpack()]) { $0.outputs = [.layout(out.path, tag: "1")] }
                if events.report != nil {
                    let image = try await out.image()
                    #expect(image.digest == wanted[isEdited ? 1 : 0], "\(what)")
                    try await ImageValidator().validate(image, blobs: out)
                } else {
                    let failure = try #require(events.failure, "\(what)")
                    #expect(failure.message.contains(bench.folder.string), "\(what): \(failure.message)")
                    #expect(failure.advice != nil, "\(what): \(failure.message)")
                }
                removeTree(bench.folder)
            }
        }
    }

    private func edited(_ bench: TestBench) async throws -> Digest {
        try bench.project.appending("mix.exs").write("# edited")
        return try #require(try await bench.build([buildpack()]).report).manifestDigest
    }

    private func copied(_ template: FilePath, to folder: FilePath) async throws -> TestBench {
        // With its hard links.
        _ = try await run(try findTool("cp"), ["-a", template.string, folder.string]).succeeded()
        return try TestBench(folder)
    }

    @Test("a rebase over a damaged store puts no wrong byte into the new image")
    func rebases() async throws {
        try await withTemporaryFolder { folder in
            let template = folder.appending("template")
            let clean = try TestBench(template)
            _ = try await clean.build([buildpack()])
            let wanted = try await rebase(try await copied(template, to: folder.appending("clean")))?.digest
            for seed in 0..<Corruption.rounds {
                let bench = try await copied(template, to: folder.appending("run-\(seed)"))
                let what = try Corruption.strike(bench.store.root, seed: seed)
                do {
                    guard let image = try await rebase(bench) else { continue }
                    #expect(image.digest == wanted, "\(what)")
                    let out = LayoutDirectory(bench.folder.appending("out"), tag: "1")
                    try await out.write(image, from: ImageStore(root: bench.store.root), progress: nil)
                    try await ImageValidator().validate(image, blobs: out)
                } catch let error as Failure {
                    #expect(error.message.contains(bench.folder.string), "\(what): \(error)")
                }
                removeTree(bench.folder)
            }
        }
    }

    private func runImage(in store: ImageStore) async throws -> Image {
        let transaction = try store.begin()
        var builder = ImageBuilder()
        let file = LayerContents.Item.file(Array("new".utf8), path: "/etc/base", mode: 0o644, owner: .root)
        builder.append(try await transaction.addLayer(LayerContents([file])).layer, createdBy: "test")
        let image = try builder.image()
        try await transaction.commit(image, as: [try Reference("new")])
        return image
    }

    /// Puts the application on another run image.
    private func rebase(_ bench: TestBench) async throws -> Image? {
        let store = bench.store
        guard let app = try store.image(for: Reference("app")) else { return nil }
        let new = try await runImage(in: store)
        var services = bench.services()
        services.runImage = { _, _ in .init(place: .store(try Reference("test-run-image")), image: new) }
        let request = RebaseRequest(name: try Reference("app"), image: app, blobs: store)
        return try await Rebaser(services: services).rebase(request).image
    }
}
