import Diagnostics
import HTTP
import OCIImage

/// A repository of a registry, and how it is reached.
struct RegistryEndpoint: Sendable, Hashable {
    /// The registry's name, as credentials know it: its address where it is reached at another one, so that nobody else gets
    /// what is for the name.
    let registry: String
    let repository: String
    /// `http` for registries that were named insecure.
    private(set) var scheme: String

    init(_ reference: Reference, insecure: Set<String>, addresses: [String: String] = [:]) {
        let parts = reference.fullName.split(separator: "/", maxSplits: 1)
        let name = String(parts.first ?? "")
        registry = addresses[name] ?? name
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

    /// The same without TLS.
    var withoutTLS: RegistryEndpoint {
        var plain = self
        plain.scheme = "http"
        return plain
    }

    /// The registry's own `scheme://host[:port]`.
    var origin: String { URLText.origin(url("")) }

    /// An address that the registry leads to, as it may be used: with TLS, where the registry is used with TLS.
    ///
    /// A registry behind a proxy that ends TLS names itself without it; then the registry's own address is meant.
    /// - Throws: `Failure` for any other address without TLS, and for one that is no HTTP.
    func secured(_ address: String) throws(Failure) -> String {
        let found = URLText.scheme(of: address)
        if found == "https" { return address }
        guard scheme == "https" else {
            if found == "http" { return address }
            throw Failure(.unsupported, "\(registry) redirects to an address that is not HTTP: \(found ?? "a path")")
        }
        guard URLText.scheme(of: address) == "http", isOwn(address) else {
            let server = URLText.server(of: address)
            throw Failure(
                .unsupported, "\(registry) redirects to \(server.isEmpty ? "an address" : server) without TLS",
                advice: "configure the registry to give its addresses with https://, or as paths only")
        }
        return origin + URLText.path(of: address)
    }

    /// Whether an address without TLS is on the registry's own host, at its port or at none.
    private func isOwn(_ address: String) -> Bool {
        let own = URLText.origin(origin).dropFirst("https://".count)
        let named = URLText.origin(address).dropFirst("http://".count)
        return named == own || named == Self.host(own) || (named == own + ":443" && own == Self.host(own))
    }

    /// A host without its port.
    private static func host(_ server: Substring) -> Substring {
        guard let colon = server.lastIndex(of: ":"), !server[colon...].contains("]") else { return server }
        return server[..<colon]
    }

    /// The right that a token must give.
    /// - Parameter other: another repository of the registry, to pull from.
    func scope(_ actions: String, from other: String? = nil) -> String {
        "repository:\(repository):\(actions)" + (other.map { " repository:\($0):pull" } ?? "")
    }
}
