import OCIImage

/// A repository of a registry, and how it is reached.
struct RegistryEndpoint: Sendable, Hashable {
    /// The registry's name, as credentials know it.
    let registry: String
    /// The repository within it.
    let repository: String
    /// `http` for registries that were named insecure.
    let scheme: String

    init(_ reference: Reference, insecure: Set<String>) {
        let parts = reference.fullName.split(separator: "/", maxSplits: 1)
        registry = String(parts.first ?? "")
        let rest = parts.count > 1 ? String(parts[1]) : ""
        repository = String(rest.prefix { $0 != "@" && $0 != ":" })
        scheme = insecure.contains(registry) ? "http" : "https"
    }

    /// The address of something in the repository.
    func url(_ path: String) -> String {
        // The hub's registry does not answer under the hub's name.
        let host = registry == "index.docker.io" ? "registry-1.docker.io" : registry
        return "\(scheme)://\(host)/v2/\(repository)/\(path)"
    }

    /// The right that a token must give.
    func scope(_ actions: String) -> String { "repository:\(repository):\(actions)" }
}
