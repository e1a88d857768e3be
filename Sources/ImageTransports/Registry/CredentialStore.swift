import Diagnostics
import Files
import FoundationEssentials
import Glibc
import OCIImage
import SystemPackage

/// Finds credentials where docker, podman and the CNB tools leave them.
///
/// In order: `CNB_REGISTRY_AUTH`, `REGISTRY_AUTH_FILE`, `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`, and podman's
/// (containers-auth.json(5)) `$XDG_RUNTIME_DIR/containers/auth.json` or `/run/containers/UID/auth.json`, and
/// `$XDG_CONFIG_HOME/containers/auth.json` or `~/.config/containers/auth.json`. Within one of them the key with the longest path that the repository lies
/// under counts; the first of them that has a credential for the repository ends the search, as it does for podman.
package struct CredentialStore: Sendable {
    /// Runs a helper: `docker-credential-NAME get` with a server on its standard input, and gives what it printed; `nil`
    /// where it has no credential, a `Failure` where it does not work.
    package typealias Helper = @Sendable (_ program: String, _ server: String) async throws -> String?

    /// What came of a search.
    package struct Search: Sendable {
        package var found: RegistryCredential?
        /// What kept a place from being asked; it matters where the registry refuses what was found elsewhere, or nothing.
        package var problem: Failure?
    }

    private let environment: [String: String]
    private let user: UInt32
    private let systemRuntime: FilePath
    private let helper: Helper?
    /// What the files had when they were read; `nil` reads them when they are asked for.
    private var contents: [FilePath: [UInt8]]?

    /// - Parameters:
    ///   - environment: the variables that say where the files are.
    ///   - user: whose files those of the system's runtime folder are.
    ///   - systemRuntime: the system's folder of what runs.
    ///   - helper: runs helper programs; without it none are used.
    package init(
        environment: [String: String], user: UInt32 = getuid(), systemRuntime: FilePath = "/run",
        helper: Helper? = nil
    ) {
        self.environment = environment
        self.user = user
        self.systemRuntime = systemRuntime
        self.helper = helper
    }

    /// The same with all files read now, for a program that may not read them later.
    package func readingNow() -> CredentialStore {
        var store = self
        store.contents = Dictionary(
            files.compactMap { file in (try? file.bytes(limit: Self.limit)).map { (file, $0) } },
            uniquingKeysWith: { first, _ in first })
        return store
    }

    private func bytes(of file: FilePath) throws(Failure) -> [UInt8]? {
        if let contents { return contents[file] }
        return file.leadsSomewhere ? try file.bytes(limit: Self.limit) : nil
    }

    /// Looks for the credential for a repository of a registry.
    /// - Throws: `Failure` when a file is there but cannot be read or is not valid.
    package func search(for repository: String, of registry: String) async throws(Failure) -> Search {
        let path = repository.split(separator: "/").map(String.init)
        var search = Search()
        if let header = try fromVariable(path, registry) {
            search.found = .header(header)
            return search
        }
        for file in files {
            guard let bytes = try bytes(of: file) else { continue }
            let config = try CanonicalJSON.decode(DockerConfig.self, from: bytes, what: "\(file)")
            await look(for: path, of: registry, in: config, from: file, &search)
            if search.found != nil { break }
        }
        return search
    }

    private static let limit = 16 << 20

    private var files: [FilePath] {
        var files: [FilePath] = []
        if let file = environment["REGISTRY_AUTH_FILE"] { files.append(FilePath(file)) }
        if let folder = environment["DOCKER_CONFIG"] {
            files.append(FilePath(folder).appending("config.json"))
        } else if let home = environment["HOME"] {
            files.append(FilePath(home).appending(".docker/config.json"))
        }
        let runtime = environment["XDG_RUNTIME_DIR"].map { FilePath($0).appending("containers") }
        files.append(
            (runtime ?? systemRuntime.appending("containers/\(user)")).appending("auth.json"))
        let settings =
            environment["XDG_CONFIG_HOME"].map { FilePath($0) }
            ?? environment["HOME"].map { FilePath($0).appending(".config") }
        if let settings { files.append(settings.appending("containers/auth.json")) }
        return files
    }

    private func fromVariable(_ repository: [String], _ registry: String) throws(Failure) -> String? {
        guard let text = environment["CNB_REGISTRY_AUTH"], !text.isEmpty else { return nil }
        let headers = try CanonicalJSON.decode([String: String].self, from: Array(text.utf8), what: "CNB_REGISTRY_AUTH")
        return CredentialKey.matches(in: headers, repository, of: registry).first { !$0.value.isEmpty }?.value
    }

    /// Looks from the repository's own path up to the whole registry; what has no credential is passed over.
    private func look(
        for repository: [String], of registry: String, in config: DockerConfig, from file: FilePath,
        _ search: inout Search
    ) async {
        let helpers = CredentialKey.matches(in: config.credHelpers, repository, of: registry)
        let entries = CredentialKey.matches(in: config.auths, repository, of: registry)
        for depth in (0...repository.count).reversed() {
            let programs = helpers.filter { $0.key.path.count == depth }
            let level = entries.filter { $0.key.path.count == depth }
            var asked = programs.map { (program: $0.value, server: $0.key.server) }
            if let store = config.credsStore, programs.isEmpty {
                asked = Self.servers(depth, level.map(\.key), registry).map { (store, $0) }
            }
            for (program, server) in asked where search.found == nil {
                do throws(Failure) {
                    search.found = try await fromHelper(program, server)
                } catch {
                    search.problem = search.problem ?? Self.problem(error, registry, file)
                }
            }
            if search.found == nil { search.found = level.lazy.compactMap(\.value.credential).first }
            if search.found != nil { return }
        }
    }

    private static func problem(_ failure: Failure, _ registry: String, _ file: FilePath) -> Failure {
        Failure(
            .transport, "no credential for \(registry): \(failure.message)",
            advice:
                "\(file) names that program: make it work, or remove its name there and use docker login \(registry)")
    }

    /// What a store is asked for: the registry in any case, a path only where `auths` says that there is one.
    private static func servers(_ depth: Int, _ keys: [CredentialKey], _ registry: String) -> [String] {
        depth == 0 ? [CredentialKey(registry).server] : keys.map(\.server)
    }

    private func fromHelper(_ name: String, _ server: String) async throws(Failure) -> RegistryCredential? {
        struct Answer: Decodable {
            let Username: String
            let Secret: String
        }
        let program = "docker-credential-" + name
        // A name leads to a program of the search path, never to a path.
        guard !name.contains("/") else { throw Failure(.malformed, "\(program) is a path, not a program's name") }
        guard let text = try await output(program, server) else { return nil }
        // What it printed may hold the secret, and stays out of the error.
        guard let answer = try? CanonicalJSON.decode(Answer.self, from: Array(text.utf8), what: program) else {
            throw Failure(.malformed, "\(program) gave no credential that can be read")
        }
        return answer.Username == "<token>"
            ? .identityToken(answer.Secret) : .basic(user: answer.Username, password: answer.Secret)
    }

    private func output(_ program: String, _ server: String) async throws(Failure) -> String? {
        do {
            return try await helper?(program, server)
        } catch {
            throw (error as? Failure) ?? Failure(.transport, "\(program): cancelled")
        }
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
