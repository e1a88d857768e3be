import Files
import MixInspection
import SystemPackage

/// The user's own configuration of Hex: the repositories of hex.config, with their keys.
struct HexConfiguration {
    /// One repository: `hexpm`, an organisation's (`hexpm:acme`), or one of the user's own servers.
    struct Repository: Hashable {
        /// What Hex goes by when it fetches.
        ///
        /// Tokens of a login stay out: Hex renews them, and the old ones then end.
        private static let kept: Set<String> = [
            "url", "public_key", "auth_key", "auth_key_owner", "oauth_exchange", "oauth_exchange_url",
        ]

        var settings: [ErlangTerm: ErlangTerm] = [:]

        init(_ settings: [ErlangTerm: ErlangTerm] = [:]) {
            self.settings = settings.filter { key, _ in key.atom.map(Self.kept.contains) ?? false }
        }

        /// The key that lets Hex read it.
        var key: String? {
            get { settings[.atom("auth_key")]?.text }
            set { settings[.atom("auth_key")] = newValue.map { .binary(Array($0.utf8)) } }
        }
    }

    /// The login of `mix hex.user auth`: the token that servers take now, and until when.
    ///
    /// What renews it stays out: that ends the token before, and the user would be logged out.
    struct Login: Hashable {
        let token: String
        /// When it ends, in seconds since 1970.
        let end: Int

        /// Reads what Hex keeps of it; `nil` for anything else.
        init?(_ term: ErlangTerm) {
            // Hex up to 2.4 wrote the names as text.
            func value(_ name: String) -> ErlangTerm? { term[name] ?? term.map?[.binary(Array(name.utf8))] }
            guard let token = value("access_token")?.text, !token.isEmpty, case .integer(let end)? = value("expires_at")
            else { return nil }
            self.token = token
            self.end = end
        }

        /// What Hex gets of it.
        var term: ErlangTerm {
            .map([.atom("access_token"): .binary(Array(token.utf8)), .atom("expires_at"): .integer(end)])
        }
    }

    /// The file that was read; `nil` if there is none.
    let file: FilePath?
    /// The user's login at hex.pm.
    let login: Login?
    /// The repositories by name.
    let repositories: [String: Repository]
    /// Whether the file is there and is not one of Erlang terms, as versions before 0.17 wrote it.
    let isUnreadable: Bool

    /// Reads the file that the user's Hex reads.
    init(_ environment: [String: String]) {
        let file = MixFolders(environment).hexConfiguration?.appending("hex.config")
        guard let file, let bytes = try? file.bytes(limit: 16 << 20) else {
            (self.file, login, repositories, isUnreadable) = (nil, nil, [:], false)
            return
        }
        let terms = ErlangTextReader.terms(of: bytes)
        func value(_ name: String) -> ErlangTerm? {
            terms?.compactMap(\.tuple).first { $0.count == 2 && $0[0].atom == name }?[1]
        }
        let settings = value("$repos")?.map ?? [:]
        let known = settings.compactMap { name, value in
            name.text.flatMap { name in value.map.map { (name, Repository($0)) } }
        }
        self.file = file
        login = value("$oauth_token").flatMap(Login.init)
        repositories = Dictionary(known, uniquingKeysWith: { $1 })
        isUnreadable = terms == nil
    }

    /// Its keys and the token of the login, each with where it is.
    var secrets: [String: String] {
        let keys =
            repositories.compactMap { name, repository in repository.key.map { ("hex.config:\(name)", $0) } }
            + (login.map { [("hex.config:login", $0.token)] } ?? [])
        return Dictionary(keys, uniquingKeysWith: { $1 })
    }
}
