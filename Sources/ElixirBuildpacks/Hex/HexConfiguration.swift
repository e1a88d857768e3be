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

    /// The file that was read; `nil` if there is none.
    let file: FilePath?
    /// The repositories by name.
    let repositories: [String: Repository]
    /// Whether the file is there and is not one of Erlang terms, as versions before 0.17 wrote it.
    let isUnreadable: Bool

    /// Reads the file that the user's Hex reads.
    init(_ environment: [String: String]) {
        let file = MixFolders(environment).hexConfiguration?.appending("hex.config")
        guard let file, let bytes = try? file.bytes(limit: 16 << 20) else {
            (self.file, repositories, isUnreadable) = (nil, [:], false)
            return
        }
        let terms = ErlangTextReader.terms(of: bytes)
        let settings = terms?.compactMap(\.tuple).first { $0.count == 2 && $0[0].atom == "$repos" }?[1].map ?? [:]
        let known = settings.compactMap { name, value in
            name.text.flatMap { name in value.map.map { (name, Repository($0)) } }
        }
        self.file = file
        repositories = Dictionary(known, uniquingKeysWith: { $1 })
        isUnreadable = terms == nil
    }

    /// Its keys, each with where it is.
    var secrets: [String: String] {
        let keys = repositories.compactMap { name, repository in repository.key.map { ("hex.config:\(name)", $0) } }
        return Dictionary(keys, uniquingKeysWith: { $1 })
    }
}
