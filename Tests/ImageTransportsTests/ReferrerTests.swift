import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import ImageTransports

@Suite("Documents beside an image in a registry")
struct ReferrerTests {
    private static let bill = Attachment(MediaType(rawValue: "application/vnd.cyclonedx+json"), Array("{}\n".utf8))
    private static let origin = Attachment(
        MediaType(rawValue: "application/vnd.in-toto+json"), Array("{\"_type\":\"x\"}".utf8), annotations: ["a": "b"])

    private func place(_ host: String, _ folder: FilePath, tag: String = "1") throws -> RegistryImage {
        var options = RegistryImage.Options(credentials: CredentialStore(environment: [:]))
        options.insecure = [host]
        return RegistryImage(
            try Reference("\(host)/app:\(tag)"), options: options, temporaryFolder: folder.appending("tmp"))
    }

    /// The fields of the list that the test asks for.
    private struct List: Decodable {
        struct Entry: Decodable {
            var digest: Digest
            var size: Int64
            var artifactType: MediaType
            var annotations: [String: String]?
        }
        var mediaType: MediaType
        var manifests: [Entry]
    }

    private struct Document: Decodable {
        var artifactType: MediaType
        var subject: Descriptor
        var layers: [Descriptor]
    }

    @Test("a registry without the interface for referrers lists them under the image's digest, each once")
    func fallback() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let image = try place(registry.host, folder)
            let pushed = try await image.write(sample.image, from: sample.store, progress: nil).manifestDigest
            let bill = try await image.attach(Self.bill, to: pushed)
            let origin = try await image.attach(Self.origin, to: pushed)
            #expect(try await image.attach(Self.bill, to: pushed) == bill)
            let found = try await image.manifest("sha256-\(pushed.hex)", nil)
            let list = try CanonicalJSON.decode(List.self, from: found.bytes, what: "the list")
            #expect(list.mediaType == .index && list.manifests.map(\.digest) == [bill, origin])
            #expect(list.manifests.map(\.artifactType) == [Self.bill.type, Self.origin.type])
            #expect(list.manifests.map(\.annotations) == [nil, ["a": "b"]])
            let document = try CanonicalJSON.decode(
                Document.self, from: try await image.manifest(origin.description, origin).bytes, what: "the manifest")
            #expect(document.subject.digest == pushed && document.artifactType == Self.origin.type)
            #expect(document.subject.size == Int64(try await image.manifest(pushed.description, pushed).bytes.count))
            // skopeo reads a document like any other image of the registry.
            let end = try await run(
                try findTool("skopeo"),
                ["inspect", "--raw", "--tls-verify=false", "docker://\(registry.host)/app@\(bill)"]
            ).succeeded()
            #expect(end.output.contains("\"subject\""))
        }
    }

    @Test("a registry that takes note of the subject gets no list")
    func interface() async throws {
        try await withRegistry { registry, folder in
            let sample = try await SampleImage("hello", in: ImageStore(root: folder.appending("store")))
            let proxy = try FaultyProxy(to: registry.port, [])
            defer { proxy.stop() }
            let image = try place(proxy.host, folder)
            let pushed = try await image.write(sample.image, from: sample.store, progress: nil).manifestDigest
            let answer =
                "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\nOCI-Subject: \(pushed)\r\n\r\n"
            proxy.set([.init(match: "PUT /v2/app/manifests/sha256:", times: 9, fault: .answer(answer))])
            _ = try await image.attach(Self.bill, to: pushed)
            #expect(proxy.requests.contains { $0.hasPrefix("PUT /v2/app/manifests/sha256:") })
            #expect(!proxy.requests.contains { $0.contains("/manifests/sha256-") })
        }
    }
}
