import Diagnostics
import FoundationEssentials
import OCIImage
import SystemPackage

/// Finds credentials where docker, podman and the CNB tools leave them.
///
/// In order: `CNB_REGISTRY_AUTH`, `REGISTRY_AUTH_FILE`, `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`, and
/// `$XDG_RUNTIME_DIR/containers/auth.json`. Within one of them the key with the longest path that the repository lies
/// under counts; the first of them that has a credential for the repository ends the search, as it does for podman.
package struct CredentialStore: Sendable {
    /// Runs a helper: `docker-credential-NAME get` with a server on its standard input, and gives what it printed.
    package typealias Helper = @Sendable (_ program: String, _ server: String) async throws -> String

    private let environment: [String: String]
    private let helper: Helper?

    /// Takes the environment; without `helper` no helper programs are used.
    package init(environment: [String: String], helper: Helper? = nil) {
        self.environment = environment
        self.helper = helper
    }

    /// The credential for a repository of a registry; `nil` where there is none.
    /// - Throws: `Failure` when a file is there but is not valid.
    package func credential(
        for repository: String, of registry: String
    ) async throws(Failure) -> RegistryCredential? {
        let path = repository.split(separator: "/").map(String.init)
        if let header = try fromVariable(path, registry) { return .header(header) }
        for file in files {
            guard let text = try? Data(contentsOf: URL(filePath: file.string)) else { continue }
            let config = try CanonicalJSON.decode(DockerConfig.self, from: Array(text), what: "\(file)")
            if let found = await credential(for: path, of: registry, in: config) { return found }
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

    private func fromVariable(_ repository: [String], _ registry: String) throws(Failure) -> String? {
        guard let text = environment["CNB_REGISTRY_AUTH"], !text.isEmpty else { return nil }
        let headers = try CanonicalJSON.decode([String: String].self, from: Array(text.utf8), what: "CNB_REGISTRY_AUTH")
        return CredentialKey.matches(in: headers, repository, of: registry).first { !$0.value.isEmpty }?.value
    }

    /// Looks from the repository's own path up to the whole registry; what has no credential is passed over.
    private func credential(
        for repository: [String], of registry: String, in config: DockerConfig
    ) async -> RegistryCredential? {
        let helpers = CredentialKey.matches(in: config.credHelpers, repository, of: registry)
        let entries = CredentialKey.matches(in: config.auths, repository, of: registry)
        for depth in (0...repository.count).reversed() {
            let programs = helpers.filter { $0.key.path.count == depth }
            let level = entries.filter { $0.key.path.count == depth }
            var asked = programs.map { (program: $0.value, server: $0.key.server) }
            if let store = config.credsStore, programs.isEmpty {
                asked = Self.servers(depth, level.map(\.key), registry).map { (store, $0) }
            }
            for (program, server) in asked {
                if let found = await fromHelper(program, server) { return found }
            }
            if let found = level.lazy.compactMap(\.value.credential).first { return found }
        }
        return nil
    }

    /// What a store is asked for: the registry in any case, a path only where `auths` says that there is one.
    private static func servers(_ depth: Int, _ keys: [CredentialKey], _ registry: String) -> [String] {
        depth == 0 ? [CredentialKey(registry).server] : keys.map(\.server)
    }

    private func fromHelper(_ program: String, _ server: String) async -> RegistryCredential? {
        struct Answer: Decodable {
            let Username: String
            let Secret: String
        }
        // A name leads to a program of the search path, never to a path.
        guard !program.contains("/") else { return nil }
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
}

package enum RegistryCredential: Sendable, Hashable {
    case basic(user: String, password: String)
    /// A token that is exchanged for others (OAuth 2 refresh token).
    case identityToken(String)
    /// The value of an Authorization header, as `CNB_REGISTRY_AUTH` gives it.
    case header(String)

    /// The header for a server that takes the credential itself; `nil` for one that must be exchanged.
    var authorization: String? {
        switch self {
        case .basic(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        case .header(let value): value
        case .identityToken: nil
        }
    }
}

extension RegistryCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "a credential" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
