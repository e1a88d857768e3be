/// One image of a `docker save` archive: an item of its manifest.json.
///
/// Mirrors Docker's image specification v1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerManifest: Codable {
    var config: String
    var repoTags: [String]?
    var layers: [String]

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }
}
