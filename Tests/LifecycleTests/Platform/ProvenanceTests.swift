import BuildpackAPI
import OCIImage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("The statement of an image's origin")
struct ProvenanceTests {
    private struct Statement: Decodable {
        struct Part: Decodable {
            var name: String?
            var digest: [String: String]?
            var annotations: [String: String]?
        }
        struct Definition: Decodable {
            var externalParameters: [String: String]
            var resolvedDependencies: [Part]
        }
        struct Details: Decodable {
            struct Times: Decodable { var finishedOn: String }
            var metadata: Times?
        }
        struct Predicate: Decodable {
            var buildDefinition: Definition
            var runDetails: Details
        }
        var _type: String
        var subject: [Part]
        var predicateType: String
        var predicate: Predicate
    }

    private static let pushed = String(repeating: "0a", count: 32)

    /// Builds an image, pushes it under two tags, and gives what was attached.
    private func attested(
        _ bench: TestBench, change: (inout BuildRequest) throws -> Void = { _ in }
    ) async throws -> [PlatformServices.AttestedImage] {
        let attested = Mutex<[PlatformServices.AttestedImage]>([])
        var services = bench.services()
        let digest = try Digest(hex: Self.pushed)
        services.destination = { _, _ in FixedDestination(digest: digest) }
        services.attest = { image in
            attested.withLock { $0.append(image) }
            return [.init(kind: "provenance", digest: digest)]
        }
        var buildpack = StaticBuildpack("io.example.release")
        buildpack.make = { context in
            try context.layersDirectory.appending("base/file").write("x")
            return BuildResult(
                layers: [
                    LayerContribution(
                        "base", types: .launch, metadata: ["erlang": .string("25.2.3"), "elixir": .string("1.14.0")])
                ], labels: ["io.mixpack.release": "shop"])
        }
        var request = BuildRequest(image: try Reference("app"), project: bench.project)
        request.outputs = [.registry(try Reference("r.example/app:1")), .registry(try Reference("r.example/app:2"))]
        request.attests = true
        request.give([
            PlatformVariable(name: "API_TOKEN", value: "s3cr3t-value"), PlatformVariable(name: "PLAIN", value: "word"),
        ])
        try change(&request)
        let store = BuildpackStore([buildpack], order: [[BuildpackReference(id: "io.example.release")]])
        let build = Creator(buildpacks: store, services: services).create(request)
        for await _ in build.events {}
        await build.end()
        return attested.withLock { $0 }
    }

    @Test("it has the digests of sources and run image, the toolchain and the buildpacks; once for each repository")
    func statement() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let first = try #require(try await attested(bench).first)
            let text = String(decoding: first.provenance, as: UTF8.self)
            let statement = try CanonicalJSON.decode(Statement.self, from: first.provenance, what: "the statement")
            #expect(statement._type == "https://in-toto.io/Statement/v1")
            #expect(statement.predicateType == "https://slsa.dev/provenance/v1")
            #expect(statement.subject.map(\.name) == ["r.example/app"])
            #expect(statement.subject.first?.digest == ["sha256": Self.pushed])
            let parts = statement.predicate.buildDefinition.resolvedDependencies
            #expect(
                parts.map(\.name) == ["source", "run image", "erlang", "elixir", "buildpack io.example.release"])
            #expect(parts[1].digest?["sha256"] != nil && parts[2].annotations == ["version": "25.2.3"])
            #expect(statement.predicate.buildDefinition.externalParameters["release"] == "shop")
            // No time, no variable, no path of this machine.
            #expect(statement.predicate.runDetails.metadata == nil)
            for word in ["API_TOKEN", "PLAIN", "s3cr3t", folder.string] { #expect(!text.contains(word), "\(text)") }
            // Nothing changed: the same is said again.
            let again = try await attested(bench)
            #expect(again.map(\.provenance) == [first.provenance])
            try bench.project.appending("mix.exs").write("# another")
            let other = try #require(try await attested(bench).first)
            let changed = try CanonicalJSON.decode(Statement.self, from: other.provenance, what: "the statement")
            let source = changed.predicate.buildDefinition.resolvedDependencies[0].digest
            #expect(source != nil && source != parts[0].digest)
        }
    }

    @Test("a time that the user gave is the build's, and without the flag nothing is attached")
    func time() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let image = try #require(try await attested(bench) { $0.creationTime = .seconds(86_400) }.first)
            let statement = try CanonicalJSON.decode(Statement.self, from: image.provenance, what: "the statement")
            #expect(statement.predicate.runDetails.metadata?.finishedOn == "1970-01-02T00:00:00Z")
            #expect(try await attested(bench) { $0.attests = false }.isEmpty)
        }
    }
}
