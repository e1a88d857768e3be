import Diagnostics
import HTTP
import SystemPackage

/// Where a container engine listens.
package enum EngineEndpoint: Sendable, Hashable, CustomStringConvertible {
    case socket(FilePath)
    /// A port, `HOST:PORT`, with TLS where there is an identity.
    case network(String, tls: TLSIdentity? = nil)
    /// Another machine, over ssh.
    case ssh(SSHAddress)

    /// Reads an address as docker and podman take it: `unix://PATH`, `tcp://HOST[:PORT]`, `ssh://[USER@]HOST[:PORT]`.
    /// - Parameter tls: how a port is spoken to; by default without TLS.
    /// - Throws: `Failure` for any other kind.
    package init(_ address: String, tls: TLSIdentity? = nil) throws(Failure) {
        let scheme = URLText.scheme(of: address)
        let rest = scheme.map { String(address.dropFirst($0.utf8.count + 3)) } ?? address
        switch scheme {
        case "unix": self = .socket(FilePath(rest.isEmpty ? Self.dockerSocket : rest))
        case "tcp": self = .network(Self.completed(rest, tls), tls: tls)
        case "ssh": self = .ssh(try SSHAddress(rest))
        // docker takes an address without a scheme for a port.
        case nil where rest.contains(":") && !rest.hasPrefix("/"): self = .network(Self.completed(rest, tls), tls: tls)
        default:
            throw Failure(
                .unsupported, "\(address) is not an address of a container engine",
                advice: "use unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST")
        }
    }

    /// Docker's own socket on Linux.
    static let dockerSocket = "/var/run/docker.sock"

    /// A host with docker's port where it has none.
    private static func completed(_ text: String, _ tls: TLSIdentity?) -> String {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = String(parts.first ?? "")
        let path = parts.count > 1 && !parts[1].isEmpty ? "/" + parts[1] : ""
        let hasPort = host.last?.isNumber == true && host.split(separator: "]").last?.contains(":") == true
        return host + (hasPort ? "" : tls == nil ? ":2375" : ":2376") + path
    }

    /// The value of `DOCKER_HOST` that leads here.
    package var description: String {
        switch self {
        case .socket(let path): "unix://\(path)"
        case .network(let host, _): "tcp://\(host)"
        case .ssh(let address): "ssh://\(address)"
        }
    }

    /// Seconds in which it is to answer: an engine that its socket starts takes its time, a way over ssh more.
    var patience: Double {
        switch self {
        case .socket: 3
        case .network: 5
        case .ssh: 20
        }
    }

    /// A request to the engine; `tunnel` leads to one on another machine.
    func request(_ method: String, _ path: String, tunnel: FilePath?) -> HTTPRequest {
        switch self {
        case .socket(let socket): return Self.request(method, path, socket)
        case .ssh: return Self.request(method, path, tunnel)
        case .network(let host, let tls):
            var request = HTTPRequest(method, (tls == nil ? "http://" : "https://") + host + path)
            request.identity = tls
            return request
        }
    }

    private static func request(_ method: String, _ path: String, _ socket: FilePath?) -> HTTPRequest {
        var request = HTTPRequest(method, "http://localhost" + path)
        request.socket = socket
        return request
    }
}
