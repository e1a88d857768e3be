import Digests
import Files
import OCIImage
import SecretSearch
import SystemPackage

/// What the last scans of layers found, by diffID, so that a layer that did not change is not read again.
///
/// It counts only as long as the secrets are the same, which a keyed hash tells. No value is in it.
struct LayerScans: Codable {
    private var secrets: String
    private var layers: [String: [SecretFinding]] = [:]
    /// The diffIDs in the order in which they were looked at, the newest last.
    private var order: [String] = []

    private static let mostLayers = 64

    /// The scans of earlier builds; none where they were for other secrets.
    init(secrets: [String: String], in cache: ProjectCache) throws {
        let pairs = secrets.map { "\($0.key.utf8.count) \($0.key)=\($0.value.utf8.count) \($0.value);" }.sorted()
        self.secrets = try KeyedHash(keyFile: cache.key).hex(of: "scan 1\n" + pairs.joined())
        guard let before: Self = Self.file(in: cache).json(), before.secrets == self.secrets else { return }
        self = before
    }

    /// What was found in a layer; `nil` where it was not looked through.
    func findings(in layer: Digest) -> [SecretFinding]? { layers[layer.description] }

    mutating func keep(_ findings: [SecretFinding], of layer: Digest) {
        let name = layer.description
        layers[name] = findings
        order.removeAll { $0 == name }
        order.append(name)
        while order.count > Self.mostLayers { layers[order.removeFirst()] = nil }
    }

    /// Writes them for the next build.
    func write(to cache: ProjectCache) throws {
        try Self.file(in: cache).replace(with: CanonicalJSON.encode(self))
    }

    private static func file(in cache: ProjectCache) -> FilePath { cache.records.appending("secret-scans.json") }
}
