import Files

/// A key under which a credential is kept: a registry's host, and the part of its repositories that it is for.
struct CredentialKey: Sendable, Hashable {
    /// The key as its file spells it.
    let text: String
    /// The registry, in lower case; docker's hub has one name, whichever of its own it is called by.
    let host: String
    /// The first components of the repositories' names; none is the whole registry.
    let path: [String]

    /// The registry of docker's hub.
    static let hub = "index.docker.io"
    /// The address that docker keeps the hub's credential under.
    static let hubAddress = "https://index.docker.io/v1/"

    init(_ text: String) {
        self.text = text
        var rest = Substring(text)
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        let parts = rest.split(separator: "/").map(String.init)
        host = Self.host(parts.first ?? "")
        // These are versions of the API, as docker writes its hub's address, and no repositories.
        let isVersioned = parts.count > 1 && ["v1", "v2"].contains(parts[1])
        path = Array(parts.dropFirst(isVersioned ? 2 : 1))
    }

    /// The server that a helper program is asked for.
    var server: String { host == Self.hub && path.isEmpty ? Self.hubAddress : text }

    /// Whether the key is for a repository of a registry: component by component, so `team-a` is not for `team-ab`.
    func covers(_ repository: [String], of registry: String) -> Bool {
        host == Self.host(registry) && repository.starts(with: path)
    }

    /// The entries for a repository: the longest path first, and of keys that mean the same the plainly spelled one.
    static func matches<Value>(
        in entries: [String: Value]?, _ repository: [String], of registry: String
    ) -> [(key: CredentialKey, value: Value)] {
        (entries ?? [:]).map { (key: CredentialKey($0.key), value: $0.value) }
            .filter { $0.key.covers(repository, of: registry) }
            .sorted { $0.key.precedes($1.key) }
    }

    private func precedes(_ other: CredentialKey) -> Bool {
        if path.count != other.path.count { return path.count > other.path.count }
        if isPlain != other.isPlain { return isPlain }
        return text < other.text
    }

    /// Whether this is the spelling that docker and podman write themselves.
    private var isPlain: Bool {
        text == (host == Self.hub && path.isEmpty ? Self.hubAddress : ([host] + path).joined(separator: "/"))
    }

    private static func host(_ name: String) -> String {
        let name = name.lowercased()
        return ["docker.io", "registry-1.docker.io"].contains(name) ? hub : name
    }
}
