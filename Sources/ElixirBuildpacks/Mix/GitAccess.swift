import BuildpackAPI
import FoundationEssentials

/// Lets git fetch private dependencies by a token, without writing that anywhere.
///
/// The token goes to git in variables of the one command that fetches: no URL, no mix.lock, no .git/config has it, and
/// what is compiled never sees it.
enum GitAccess {
    static let tokenVariable = SecretName.gitToken

    /// Variables that give git the token for the servers that the dependencies come from, and the user's rewriting.
    /// - Parameters:
    ///   - token: what the server takes for a password, if there is one.
    ///   - locations: the URLs of the dependencies.
    ///   - rewrites: the user's `insteadOf`.
    ///   - before: the variables that git gets anyway; settings in them stay.
    ///   - hasAgent: whether ssh can log in by itself; without, such URLs are fetched by HTTPS and the token.
    static func variables(
        token: String?, locations: [String], rewrites: GitRewrites = GitRewrites([]), before: [String: String],
        hasAgent: Bool
    ) -> [String: String] {
        let token = token.flatMap { $0.isEmpty ? nil : $0 }
        var settings = rewrites.needed(for: locations)
            // ssh could not log in where the token can.
            .filter { token == nil || hasAgent || !$0.isSecureShell }
            .map { ("url.\($0.base).insteadOf", $0.prefix) }
        if let token {
            settings += login(token, unique(locations + locations.map(rewrites.target)), hasAgent: hasAgent)
        }
        return numbered(settings, from: before["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0)
    }

    private static func login(_ token: String, _ locations: [String], hasAgent: Bool) -> [(String, String)] {
        let header = "Authorization: Basic " + Data("x-access-token:\(token)".utf8).base64EncodedString()
        var settings = unique(locations.compactMap(webServer)).map { ("http.\($0)/.extraHeader", header) }
        guard !hasAgent else { return settings }
        for host in unique(locations.compactMap(secureShellHost)) {
            settings.append(("http.https://\(host)/.extraHeader", header))
            for form in ["git@\(host):", "ssh://git@\(host)/"] {
                settings.append(("url.https://\(host)/.insteadOf", form))
            }
        }
        return settings
    }

    /// Whether git fetches from a URL by ssh.
    static func isSecureShell(_ url: String) -> Bool {
        url.hasPrefix("ssh:") || url.hasPrefix("git@") || (url.contains("@") && !url.contains("://"))
    }

    private static func numbered(_ settings: [(String, String)], from start: Int) -> [String: String] {
        guard !settings.isEmpty else { return [:] }
        var variables = ["GIT_CONFIG_COUNT": "\(start + settings.count)"]
        for (index, setting) in settings.enumerated() {
            variables["GIT_CONFIG_KEY_\(start + index)"] = setting.0
            variables["GIT_CONFIG_VALUE_\(start + index)"] = setting.1
        }
        return variables
    }

    /// `https://host[:port]`; without encryption a token goes to this machine only.
    private static func webServer(_ url: String) -> String? {
        guard let match = url.prefixMatch(of: /(https?):\/\/(?:[^@\/]*@)?([^\/]+)/) else { return nil }
        let isLocal = match.2.hasPrefix("127.0.0.1") || match.2.hasPrefix("localhost")
        return match.1 == "https" || isLocal ? "\(match.1)://\(match.2)" : nil
    }

    /// The host of `git@host:path` and `ssh://git@host/path`.
    private static func secureShellHost(_ url: String) -> String? {
        if let match = url.prefixMatch(of: /ssh:\/\/git@([^\/:]+)\//) { return String(match.1) }
        return url.prefixMatch(of: /git@([^:\/]+):/).map { String($0.1) }
    }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}
