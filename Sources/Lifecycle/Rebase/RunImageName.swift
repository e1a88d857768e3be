import OCIImage

/// A run image's name, made comparable: with registry and tag, without digest.
struct RunImageName: Hashable {
    private let text: String

    /// The registry that stands for run images made from a machine; their tags tell the machine's state.
    static let machineRegistry = "mixpack.local"

    /// Reads a name; with or without the kind of place in front of it.
    init(_ name: String) {
        guard let reference = Self.reference(name) else {
            text = name
            return
        }
        let registry = reference.registry.map { $0 == "docker.io" ? "index.docker.io" : $0 } ?? "index.docker.io"
        let isOfficial = registry == "index.docker.io" && !reference.repository.contains("/")
        let repository = (isOfficial ? "library/" : "") + reference.repository
        text =
            registry == Self.machineRegistry
            ? "\(registry)/\(repository)" : "\(registry)/\(repository):\(reference.tag ?? "latest")"
    }

    /// Whether the image was made from a machine.
    var isOfMachine: Bool { text.hasPrefix(Self.machineRegistry + "/") }

    private static func reference(_ name: String) -> Reference? {
        let schemes = ["docker://", "docker-daemon:"]
        let plain = schemes.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
        return try? Reference(plain)
    }
}
