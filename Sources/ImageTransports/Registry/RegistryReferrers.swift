import Diagnostics
import HTTP
import OCIImage

/// A document about an image, for the registry that has the image: a bill of materials, a statement of its origin.
package struct Attachment: Sendable, Hashable {
    /// What kind of document it is, by which clients find it; also the media type of its content.
    package var type: MediaType
    package var content: [UInt8]
    package var annotations: [String: String]

    package init(_ type: MediaType, _ content: [UInt8], annotations: [String: String] = [:]) {
        self.type = type
        self.content = content
        self.annotations = annotations
    }
}

/// Pushes documents that refer to an image
/// ([OCI distribution specification, Referrers](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers)).
///
/// A registry without the interface for referrers gets their list under a tag made of the image's digest.
extension RegistryImage {
    /// Pushes a document about the image that has a digest here.
    /// - Returns: the digest of the document's manifest.
    @discardableResult
    package func attach(_ attachment: Attachment, to digest: Digest) async throws(Failure) -> Digest {
        let subject = try await manifest(digest.description, digest)
        let subjectType = subject.type.rawValue.isEmpty ? MediaType.manifest : subject.type
        let manifest = try ReferrerManifest(
            attachment, subject: Descriptor(mediaType: subjectType, digest: digest, size: Int64(subject.bytes.count)),
            content: Descriptor(attachment.type, of: attachment.content))
        let bytes = try CanonicalJSON.encode(manifest)
        let descriptor = try Descriptor(.manifest, of: bytes)
        let upload = RegistryUpload(client: client, options: options, folder: folder)
        try await upload.upload(manifest.config) { .bytes(ReferrerManifest.emptyContent) }
        try await upload.upload(manifest.layers[0]) { .bytes(attachment.content) }
        let response = try await put(bytes, .manifest, named: descriptor.digest.description)
        if response.headers["oci-subject"] == nil {
            try await list(descriptor, manifest, under: "sha256-\(digest.hex)")
        }
        return descriptor.digest
    }

    /// Adds a document to the list of those about an image, which other clients read where there is no interface.
    private func list(
        _ descriptor: Descriptor, _ manifest: ReferrerManifest, under tag: String
    ) async throws(Failure) {
        var list = try await referrerList(tag)
        guard !list.manifests.contains(where: { $0["digest"] == .string(descriptor.digest.description) }) else {
            return
        }
        list.manifests.append(
            .init(fields: [
                "mediaType": .string(descriptor.mediaType.rawValue), "digest": .string("\(descriptor.digest)"),
                "size": .integer(descriptor.size), "artifactType": .string(manifest.artifactType.rawValue),
                "annotations": manifest.annotations.map { .object($0.mapValues { .string($0) }) },
            ]))
        _ = try await put(try CanonicalJSON.encode(list), .index, named: tag)
    }

    private func referrerList(_ tag: String) async throws(Failure) -> ReferrerList {
        var request = HTTPRequest("GET", client.endpoint.url("manifests/\(tag)"))
        request.headers = [("Accept", MediaType.index.rawValue)]
        let response = try await client.send(request, actions: "pull,push")
        if response.status == 404 { return ReferrerList() }
        guard response.isSuccess, !response.isWebPage else { throw client.refusal(response, .pull("manifest \(tag)")) }
        return try CanonicalJSON.decode(ReferrerList.self, from: response.body, what: "the list of referrers \(tag)")
    }

    private func put(_ bytes: [UInt8], _ type: MediaType, named name: String) async throws(Failure) -> HTTPResponse {
        var request = HTTPRequest("PUT", client.endpoint.url("manifests/\(name)"))
        request.headers = [("Content-Type", type.rawValue)]
        request.body = JoinedContent(.bytes(bytes)).body
        let response = try await client.send(request, actions: "pull,push")
        guard response.status == 201, !response.isWebPage else {
            throw client.refusal(response, .push("manifest \(name)"))
        }
        let digest = try Digest(of: bytes).description
        if let found = response.contentDigest, found != digest {
            throw client.mismatch(found, try Digest(of: bytes), .push("manifest \(name)"))
        }
        return response
    }
}

/// The manifest of a document about an image, as version 1.1 of OCI's specifications has it.
private struct ReferrerManifest: Encodable {
    let schemaVersion = 2
    let mediaType = MediaType.manifest
    let artifactType: MediaType
    let config: Descriptor
    let layers: [Descriptor]
    let subject: Descriptor
    let annotations: [String: String]?

    /// The content of a configuration that says nothing.
    static let emptyContent = Array("{}".utf8)

    init(_ attachment: Attachment, subject: Descriptor, content: Descriptor) throws(Failure) {
        artifactType = attachment.type
        config = try Descriptor(MediaType(rawValue: "application/vnd.oci.empty.v1+json"), of: Self.emptyContent)
        layers = [content]
        self.subject = subject
        annotations = attachment.annotations.isEmpty ? nil : attachment.annotations
    }
}

/// An index whose entries are kept as they are.
private struct ReferrerList: Codable {
    var schemaVersion = 2
    var mediaType: MediaType? = .index
    var manifests: [JSONValue] = []
    var annotations: JSONValue?
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[name]
    }
}
