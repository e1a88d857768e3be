import BuildpackAPI
import Diagnostics
import Files
import OCIImage
import SystemPackage
import Text

/// What the last build of an image saw and made; holds no secret, nor a plain hash of one.
struct BuildRecord: Codable {
    /// What it was made from, as one hash.
    var key: String?
    var manifestDigest: Digest
    var imageID: Digest
    var layers: [LayerSummary]
    /// The layers that only the images of other platforms have.
    var otherLayers: [LayerSummary]?
    var plan: ResolvedPlan
    /// The problems that were told, to be told again.
    var diagnostics: [Diagnostic]
    var requiredVariables: [String]
    var exposedPorts: [Int]
    /// Whether the application was started once.
    var isTried: Bool?
    /// What the files of the image looked like when it was written (`ImageStore.stamp`).
    var blobs: String?
    /// How large the image is.
    var size: ImageSize?

    /// The record of an image's last build, where there is a readable one.
    static func read(for image: Reference, in cache: ProjectCache) -> BuildRecord? {
        file(for: image, in: cache).json()
    }

    /// Replaces the record of an image's last build; whatever is in it, no secret gets to the disk.
    func write(for image: Reference, in cache: ProjectCache, masking redactor: Redactor) throws {
        try Self.file(for: image, in: cache).replace(with: redactor.redact(CanonicalJSON.encode(self)))
    }

    private static func file(for image: Reference, in cache: ProjectCache) -> FilePath {
        cache.records.appending(PercentEncoding.encode(image.description) + ".json")
    }
}

/// The layers that stay on the machine between builds.
enum KeptLayers {
    static func read(from cache: ProjectCache) -> [LayerSummary] { file(in: cache).json() ?? [] }

    static func write(_ layers: [LayerSummary], to cache: ProjectCache, masking redactor: Redactor) throws {
        try file(in: cache).replace(with: redactor.redact(CanonicalJSON.encode(layers)))
    }

    private static func file(in cache: ProjectCache) -> FilePath { cache.records.appending("kept-layers.json") }
}

extension FilePath {
    /// The value that the file holds as JSON; `nil` where there is no such file or value.
    func json<Value: Decodable>(_ type: Value.Type = Value.self) -> Value? {
        (try? bytes()).flatMap { try? CanonicalJSON.decode(type, from: $0, what: "") }
    }
}
