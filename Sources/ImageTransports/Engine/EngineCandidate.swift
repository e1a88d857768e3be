import HTTP
import SystemPackage

/// A place where a container engine may listen, and who named it.
package struct EngineCandidate: Sendable, Hashable {
    /// Who named a place.
    package enum Origin: Sendable, Hashable {
        /// `DOCKER_HOST`.
        case dockerHost
        /// A context of Docker's, and what chose it.
        case dockerContext(String, chosenBy: String)
        /// `CONTAINER_HOST`.
        case containerHost
        /// A connection of Podman's, and what chose it.
        case podmanConnection(String, chosenBy: String)
        /// Nobody: it is where the program's engine listens by itself, and where the program looks if it is its own.
        case usual(EngineProgram, isOwn: Bool)
    }

    package var endpoint: EngineEndpoint
    package var origin: Origin

    package init(_ endpoint: EngineEndpoint, _ origin: Origin) {
        self.endpoint = endpoint
        self.origin = origin
    }

    /// Whether the user named it, so that it cannot be passed over for another.
    package var isNamed: Bool {
        switch origin {
        case .dockerHost, .dockerContext, .containerHost: true
        case .podmanConnection(_, let choice): choice == EngineCandidates.connectionVariable
        case .usual: false
        }
    }

    /// The place as people know it.
    var name: String {
        switch origin {
        case .dockerHost: "DOCKER_HOST=\(endpoint)"
        case .dockerContext(let name, let choice): "the Docker context \(name) (\(choice)) at \(endpoint)"
        case .containerHost: "CONTAINER_HOST=\(endpoint)"
        case .podmanConnection(let name, let choice): "the Podman connection \(name) (\(choice)) at \(endpoint)"
        case .usual(let program, _): "\(program.title) at \(endpoint)"
        }
    }

    /// How to leave it.
    var wayOut: String {
        switch origin {
        case .dockerHost: "unset DOCKER_HOST"
        case .dockerContext(_, chosenBy: EngineCandidates.contextVariable): "unset DOCKER_CONTEXT"
        case .dockerContext: "choose another: docker context use default"
        case .containerHost: "unset CONTAINER_HOST"
        case .podmanConnection(_, chosenBy: EngineCandidates.connectionVariable): "unset CONTAINER_CONNECTION"
        case .podmanConnection: "use another: podman system connection default NAME"
        case .usual: "use another engine"
        }
    }
}

extension EngineProgram {
    /// The engine's name.
    package var title: String {
        switch self {
        case .docker: "Docker"
        case .podman: "Podman"
        }
    }
}

extension EngineCandidate {
    /// The words that people's commands for this engine begin with, such as `docker --context X` or `podman`.
    ///
    /// They lead to the engine from any shell of the user's, whichever variables it has.
    /// - Parameters:
    ///   - engine: what answered.
    ///   - installed: which of the two programs there are.
    ///   - dockerConfiguration: the value of `DOCKER_CONFIG`, where it is set.
    package func command(
        for engine: EngineProgram, installed: Set<EngineProgram>, dockerConfiguration: String? = nil
    ) -> [String] {
        switch program(for: engine, installed) {
        case .docker: ["docker"] + dockerOptions(dockerConfiguration)
        case .podman: ["podman"] + podmanOptions
        }
    }

    /// Podman's program speaks to Podman alone, Docker's to both.
    private func program(for engine: EngineProgram, _ installed: Set<EngineProgram>) -> EngineProgram {
        guard engine == .podman, installed.contains(.podman) || !installed.contains(.docker) else { return .docker }
        switch origin {
        // Who points docker's client at Podman means to use docker's client.
        case .dockerHost, .dockerContext: return installed.contains(.docker) ? .docker : .podman
        case .containerHost, .podmanConnection, .usual: return .podman
        }
    }

    private func dockerOptions(_ configuration: String?) -> [String] {
        switch origin {
        case .dockerContext(let name, _): return (configuration.map { ["--config", $0] } ?? []) + ["--context", name]
        case .usual(.docker, isOwn: true): return []
        case .dockerHost, .containerHost, .podmanConnection, .usual: return ["-H", "\(endpoint)"] + tlsOptions
        }
    }

    private var tlsOptions: [String] {
        guard case .network(_, let identity?) = endpoint else { return [] }
        var words = [identity.verifies ? "--tlsverify" : "--tls"]
        if let file = identity.authority { words += ["--tlscacert", file.string] }
        if let file = identity.certificate { words += ["--tlscert", file.string] }
        if let file = identity.key { words += ["--tlskey", file.string] }
        return words
    }

    private var podmanOptions: [String] {
        switch origin {
        case .podmanConnection(let name, _): return ["--connection", name]
        case .usual(.podman, isOwn: true): return []
        case .dockerHost, .dockerContext, .containerHost, .usual:
            guard case .ssh(let address) = endpoint, let key = address.identity else {
                return ["--url", "\(endpoint)"]
            }
            return ["--url", "\(endpoint)", "--identity", key.string]
        }
    }
}
