import Files
import SystemPackage

/// The `url.BASE.insteadOf` of the user's own configuration of git, for the fetch of dependencies.
///
/// Nothing else of that configuration is used: other settings name programs, files and people.
struct GitRewrites {
    struct Rewrite: Hashable {
        /// What takes the place of `prefix`.
        var base: String
        var prefix: String

        /// The parts of the base that log in: `https://USER:PASSWORD@host/`.
        fileprivate var credentials: (user: Substring, password: Substring?)? {
            guard let match = base.prefixMatch(of: /https?:\/\/([^@\/:]*)(?::([^@\/]*))?@/) else { return nil }
            return (match.1, match.2)
        }

        /// The password in the base, or a name alone that is long enough for a token.
        fileprivate var secret: String? {
            guard let (user, password) = credentials else { return nil }
            if let password, !password.isEmpty { return String(password) }
            return user.utf8.count >= 16 ? String(user) : nil
        }

        /// The base without what logs in.
        var shown: String { base.replacing(/^(https?:\/\/)[^@\/]*@/) { String($0.output.1) } }
        var isSecureShell: Bool { GitAccess.isSecureShell(base) }
    }

    let all: [Rewrite]

    /// Reads what the user's git reads: `GIT_CONFIG_GLOBAL`, or `~/.config/git/config` and `~/.gitconfig`.
    init(_ environment: [String: String]) {
        let home = environment["HOME"].map { FilePath($0) }
        let folder = environment["XDG_CONFIG_HOME"].map { FilePath($0) } ?? home?.appending(".config")
        let standard = [folder?.appending("git/config"), home?.appending(".gitconfig")].compactMap { $0 }
        let files = environment["GIT_CONFIG_GLOBAL"].map { [FilePath($0)] } ?? standard
        let settings = files.flatMap { GitConfigFile.settings(of: $0, home: home) }
        var seen: Set<Rewrite> = []
        all = settings.compactMap { setting in
            guard setting.section == "url", setting.key == "insteadof", !setting.value.isEmpty else { return nil }
            let rewrite = Rewrite(base: setting.subsection, prefix: setting.value)
            return Self.isReachable(rewrite.base) && seen.insert(rewrite).inserted ? rewrite : nil
        }
    }

    init(_ all: [Rewrite]) { self.all = all }

    /// Servers only: the sandbox shows no folders for git, and `ext::` and the like run programs.
    private static func isReachable(_ base: String) -> Bool {
        base.prefixMatch(of: /(?:https?|ssh|git|git\+ssh):\/\/[A-Za-z0-9\[]|[A-Za-z0-9._-]+@[A-Za-z0-9._-]+:/) != nil
            || base.prefixMatch(of: /https?:\/\/[^@\/]*@[A-Za-z0-9\[]/) != nil
    }

    /// The passwords and tokens in it, each with where it is.
    var secrets: [String: String] {
        var secrets: [String: String] = [:]
        for rewrite in all {
            guard let secret = rewrite.secret else { continue }
            let name = "gitconfig:\(rewrite.shown)"
            secrets[name] = secret
            let plain = secret.replacing(/%([0-9A-Fa-f]{2})/) {
                UInt8($0.output.1, radix: 16).map(Self.character) ?? ""
            }
            if plain != secret { secrets["\(name) decoded"] = plain }
        }
        return secrets
    }

    private static func character(_ byte: UInt8) -> String { String(Character(Unicode.Scalar(byte))) }

    /// Those for these URLs; one with a password or token only if a URL needs it.
    func needed(for locations: [String]) -> [Rewrite] {
        all.filter { rewrite in
            rewrite.credentials == nil || locations.contains { $0.hasPrefix(rewrite.prefix) }
        }
    }

    /// Where git goes for a URL: the longest prefix counts.
    func target(of location: String) -> String {
        let fitting = all.filter { location.hasPrefix($0.prefix) }
        guard let rewrite = fitting.max(by: { $0.prefix.utf8.count < $1.prefix.utf8.count }) else { return location }
        return rewrite.base + location.dropFirst(rewrite.prefix.count)
    }

    /// What the user reads about it, without what logs in; `nil` if no URL changes.
    func notice(for locations: [String]) -> String? {
        let used = needed(for: locations).filter { rewrite in locations.contains { $0.hasPrefix(rewrite.prefix) } }
        guard !used.isEmpty else { return nil }
        let words = used.map { "\($0.shown) for \($0.prefix)" }
        return "git uses your insteadOf for the fetch: \(words.joined(separator: ", "))"
    }
}

/// A configuration file of git's, as far as settings with a value go.
enum GitConfigFile {
    struct Setting: Hashable {
        /// In small letters, as git compares it.
        var section: String
        var subsection: String
        /// In small letters.
        var key: String
        var value: String
    }

    /// The settings of a file and of those that it includes in any case; conditional ones are left out.
    static func settings(of file: FilePath, home: FilePath?, depth: Int = 0) -> [Setting] {
        guard depth < 10, let bytes = try? file.bytes(limit: 1 << 20) else { return [] }
        return settings(in: String(decoding: bytes, as: UTF8.self)).flatMap { setting -> [Setting] in
            guard setting.section == "include", setting.subsection.isEmpty, setting.key == "path" else {
                return [setting]
            }
            let path = setting.value
            let place =
                path.hasPrefix("~/")
                ? home?.appending(String(path.dropFirst(2))) : file.removingLastComponent().pushing(FilePath(path))
            return place.map { settings(of: $0, home: home, depth: depth + 1) } ?? []
        }
    }

    /// The settings of a text; a line that git would refuse is left out.
    static func settings(in text: String) -> [Setting] {
        var settings: [Setting] = []
        var section = ""
        var subsection = ""
        var lines = text.replacing("\r\n", with: "\n").split(separator: "\n")[...]
        while var line = lines.popFirst().map({ $0.drop(while: \.isWhitespace) }) {
            if let head = line.prefixMatch(of: /\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/) {
                section = head.1.lowercased()
                subsection = head.2.map { String($0.replacing(/\\(.)/) { String($0.output.1) }) } ?? ""
                line = line[head.range.upperBound...].drop(while: \.isWhitespace)
            }
            guard !section.isEmpty, let name = line.prefixMatch(of: /([A-Za-z][A-Za-z0-9-]*)\s*=\s*/) else { continue }
            var rest = String(line[name.range.upperBound...])
            while rest.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1, let next = lines.popFirst() {
                rest = String(rest.dropLast()) + String(next)
            }
            settings.append(
                Setting(section: section, subsection: subsection, key: name.1.lowercased(), value: value(rest)))
        }
        return settings
    }

    /// A value without its quotes, escapes and comment.
    private static func value(_ text: String) -> String {
        var result = ""
        /// How much of it is to be kept, whatever blanks follow.
        var end = 0
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
                result.append(["n": "\n", "t": "\t", "b": "\u{8}"][character] ?? character)
                end = result.count
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                end = result.count
            } else if !isQuoted, character == "#" || character == ";" {
                break
            } else {
                result.append(character)
                if isQuoted || !character.isWhitespace { end = result.count }
            }
        }
        return String(result.prefix(end))
    }
}
