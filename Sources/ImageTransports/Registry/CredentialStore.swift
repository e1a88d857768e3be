import FoundationEssentials
public import OCIImage
import SystemPackage

/// Finds credentials where docker, podman and the CNB tools leave them.
///
/// In order: `CNB_REGISTRY_AUTH`, `REGISTRY_AUTH_FILE`, `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`, and
/// `$XDG_RUNTIME_DIR/containers/auth.json`.
public struct CredentialStore: Sendable {
    /// Runs a helper: `docker-credential-NAME get` with a server on its standard input, and gives what it printed.
    public typealias Helper = @Sendable (_ program: String, _ server: String) async throws -> String

    private let environment: [String: String]
    private let helper: Helper?

    /// Takes the environment; without `helper` no helper programs are used.
    public init(environment: [String: String], helper: Helper? = nil) {
        self.environment = environment
        self.helper = helper
    }

    /// The credential for a registry; `nil` where there is none.
    /// - Throws: `ImageError` when a file is there but is not valid.
    public func credential(for registry: String) async throws(ImageError) -> RegistryCredential? {
        if let header = try fromVariable(registry) { return .header(header) }
        for file in files {
            guard let text = try? Data(contentsOf: URL(filePath: file.string)) else { continue }
            let config = try CanonicalJSON.decode(DockerConfig.self, from: Array(text), what: "\(file)")
            if let found = await credential(for: registry, in: config) { return found }
        }
        return nil
    }

    private var files: [FilePath] {
        var files: [FilePath] = []
        if let file = environment["REGISTRY_AUTH_FILE"] { files.append(FilePath(file)) }
        if let folder = environment["DOCKER_CONFIG"] {
            files.append(FilePath(folder).appending("config.json"))
        } else if let home = environment["HOME"] {
            files.append(FilePath(home).appending(".docker/config.json"))
        }
        if let runtime = environment["XDG_RUNTIME_DIR"] {
            files.append(FilePath(runtime).appending("containers/auth.json"))
        }
        return files
    }

    private func fromVariable(_ registry: String) throws(ImageError) -> String? {
        guard let text = environment["CNB_REGISTRY_AUTH"], !text.isEmpty else { return nil }
        let headers = try CanonicalJSON.decode([String: String].self, from: Array(text.utf8), what: "CNB_REGISTRY_AUTH")
        return headers.first { DockerConfig.host($0.key) == registry }?.value
    }

    private func credential(for registry: String, in config: DockerConfig) async -> RegistryCredential? {
        let program = (config.credHelpers ?? [:]).first { DockerConfig.host($0.key) == registry }?.value
        if let program = program ?? config.credsStore, let found = await fromHelper(program, registry) { return found }
        return (config.auths ?? [:]).first { DockerConfig.host($0.key) == registry }?.value.credential
    }

    private func fromHelper(_ program: String, _ registry: String) async -> RegistryCredential? {
        struct Answer: Decodable {
            let Username: String
            let Secret: String
        }
        // A name leads to a program of the search path, never to a path.
        guard !program.contains("/") else { return nil }
        let server = registry == "index.docker.io" ? "https://index.docker.io/v1/" : registry
        guard let text = try? await helper?("docker-credential-" + program, server),
            let answer = try? CanonicalJSON.decode(Answer.self, from: Array(text.utf8), what: program)
        else { return nil }
        return answer.Username == "<token>"
            ? .identityToken(answer.Secret) : .basic(user: answer.Username, password: answer.Secret)
    }
}

/// The part of docker's config.json that is about registries.
struct DockerConfig: Decodable {
    struct Entry: Decodable {
        let auth: String?
        let username: String?
        let password: String?
        let identitytoken: String?

        var credential: RegistryCredential? {
            if let identitytoken, !identitytoken.isEmpty { return .identityToken(identitytoken) }
            if let username, let password { return .basic(user: username, password: password) }
            guard let auth, let data = Data(base64Encoded: auth) else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
            return .basic(user: String(text[..<colon]), password: String(password))
        }
    }

    let auths: [String: Entry]?
    let credHelpers: [String: String]?
    let credsStore: String?

    /// The registry that a key means; docker writes its own hub's as an address.
    static func host(_ key: String) -> String {
        var rest = Substring(key)
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        let host = String(rest.prefix { $0 != "/" })
        return ["docker.io", "registry-1.docker.io"].contains(host) ? "index.docker.io" : host
    }
}
