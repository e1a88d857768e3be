import Diagnostics
import Glibc
import HTTP
import OCIImage
import SystemPackage

/// Where a container engine listens.
package enum EngineEndpoint: Sendable, Hashable, CustomStringConvertible {
    case socket(FilePath)
    /// A port, without TLS: `HOST:PORT`.
    case network(String)

    /// Reads a value of `DOCKER_HOST`.
    /// - Throws: `Failure` for what is neither `unix://` nor `tcp://`.
    package init(dockerHost: String) throws(Failure) {
        if dockerHost.hasPrefix("unix://") {
            self = .socket(FilePath(String(dockerHost.dropFirst(7))))
        } else if dockerHost.hasPrefix("tcp://") {
            self = .network(String(dockerHost.dropFirst(6)))
        } else {
            throw Failure(
                .unsupported, "DOCKER_HOST is \(dockerHost)", advice: "use unix:///PATH or tcp://HOST:PORT")
        }
    }

    /// The places to look at, best first: `DOCKER_HOST` alone where it is set, else the usual sockets.
    package static func candidates(
        environment: [String: String], user: UInt32
    ) throws(Failure) -> [EngineEndpoint] {
        if let host = environment["DOCKER_HOST"], !host.isEmpty { return [try EngineEndpoint(dockerHost: host)] }
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/run/user/\(user)"
        let sockets = [
            "/var/run/docker.sock", runtime + "/docker.sock", runtime + "/podman/podman.sock",
            "/run/podman/podman.sock",
        ]
        return sockets.map { .socket(FilePath($0)) }
    }

    /// The value of `DOCKER_HOST` that leads here.
    package var description: String {
        switch self {
        case .socket(let path): "unix://\(path)"
        case .network(let host): "tcp://\(host)"
        }
    }

    func request(_ method: String, _ path: String) -> HTTPRequest {
        switch self {
        case .socket(let socket):
            var request = HTTPRequest(method, "http://localhost" + path)
            request.socket = socket
            return request
        case .network(let host): return HTTPRequest(method, "http://\(host)" + path)
        }
    }

    /// Whether a socket stands at the path.
    func isThere(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}
