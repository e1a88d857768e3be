import Diagnostics
import TOMLCoding

/// A file that may say which Elixir and Erlang a project wants, and how it is read.
///
/// Nothing of it is run.
struct VersionFile: Sendable {
    struct Entry: Hashable {
        var tool: RequestedVersion.Tool
        var word: String
        var line: Int
    }

    var name: String
    var read: @Sendable (_ text: String, _ fileName: String) throws(Failure) -> [Entry]

    /// The files in the order in which they count.
    static let all: [VersionFile] =
        ["mise.local.toml", "mise.toml", ".mise.local.toml", ".mise.toml", ".config/mise.toml"].map { name in
            VersionFile(name: name) { text, file throws(Failure) in try mise(text, file) }
        } + [
            VersionFile(name: ".tool-versions") { text, _ in toolVersions(text) },
            VersionFile(name: ".elixir-version") { text, _ in single(.elixir, text) },
            VersionFile(name: ".exenv-version") { text, _ in single(.elixir, text) },
            VersionFile(name: ".erlang-version") { text, _ in single(.erlang, text) },
            VersionFile(name: "elixir_buildpack.config") { text, _ in buildpackConfiguration(text) },
            VersionFile(name: "Dockerfile") { text, _ in dockerfile(text) },
        ]

    /// `elixir 1.18.4-otp-27 1.17.3 # comment`: of several versions the first counts.
    private static func toolVersions(_ text: String) -> [Entry] {
        lines(text).compactMap { number, line in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let tool = RequestedVersion.Tool(rawValue: String(words[0])) else { return nil }
            return Entry(tool: tool, word: String(words[1]), line: number)
        }
    }

    private static func single(_ tool: RequestedVersion.Tool, _ text: String) -> [Entry] {
        let words = lines(text).compactMap { number, line -> Entry? in
            let word = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).first
            return word.map { Entry(tool: tool, word: String($0), line: number) }
        }
        return Array(words.prefix(1))
    }

    /// `elixir_version=1.18.4`: the file is a shell script to those who wrote it, and only read here.
    private static func buildpackConfiguration(_ text: String) -> [Entry] {
        lines(text).compactMap { number, line in
            guard let match = line.firstMatch(of: /^\s*(elixir|erlang)_version=(.*)$/),
                let tool = RequestedVersion.Tool(rawValue: String(match.1))
            else { return nil }
            return Entry(tool: tool, word: shellWord(match.2), line: number)
        }
    }

    /// `ARG ELIXIR_VERSION=1.18.4`, as `mix phx.gen.release --docker` writes it.
    private static func dockerfile(_ text: String) -> [Entry] {
        lines(text).compactMap { number, line in
            guard let match = line.firstMatch(of: /^\s*(?i:ARG)\s+(ELIXIR|OTP|ERLANG)_VERSION=(.*)$/) else {
                return nil
            }
            return Entry(tool: match.1 == "ELIXIR" ? .elixir : .erlang, word: shellWord(match.2), line: number)
        }
    }

    /// The first word of a value, without quotes.
    private static func shellWord(_ value: Substring) -> String {
        let value = value.drop(while: \.isWhitespace)
        if let quote = value.first, quote == "\"" || quote == "'" {
            return String(value.dropFirst().prefix { $0 != quote })
        }
        if value.hasPrefix("(") { return String(value.prefix { $0 != ")" }) + ")" }
        return String(value.prefix { !$0.isWhitespace && $0 != "#" })
    }

    private static func lines(_ text: String) -> [(number: Int, text: Substring)] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .map { ($0.offset + 1, $0.element) }
    }

    /// `[tools]` of mise: a text, a number, a list of which the first counts, or a table with `version`.
    private static func mise(_ text: String, _ name: String) throws(Failure) -> [Entry] {
        guard let tools = try TOMLDocument(parsing: text, fileName: name).root.table("tools") else { return [] }
        return tools.entries.compactMap { entry in
            // `core:erlang`, `asdf:elixir`: the backend does not change what is wanted.
            let bare = entry.key.split(separator: ":").last.map(String.init) ?? entry.key
            guard let tool = RequestedVersion.Tool(rawValue: bare), let word = word(entry.node.value) else {
                return nil
            }
            return Entry(tool: tool, word: word, line: entry.position.line)
        }
    }

    private static func word(_ value: TOMLValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .array(let items): items.first.flatMap { word($0.value) }
        case .table(let table): table["version"].flatMap { word($0.value) }
        default: nil
        }
    }
}

/// A version as people and version managers write it: `1.18.4-otp-27`, `v1.18`, `ref:OTP-27.3`, `latest`.
enum VersionWord {
    /// What a word asks for; `nil` where that is no release that could be had, such as a branch.
    static func request(
        _ tool: RequestedVersion.Tool, _ word: String, source: String, line: Int?
    ) -> RequestedVersion? {
        if word == RequestedVersion.system || word == "installed" {
            return RequestedVersion(tool, RequestedVersion.system, source: source, line: line)
        }
        let bare = withoutPrefix(word)
        switch tool {
        case .elixir: return elixir(bare, source: source, line: line)
        case .erlang: return erlang(bare, source: source, line: line)
        }
    }

    private static func elixir(_ word: Substring, source: String, line: Int?) -> RequestedVersion? {
        if word == "latest" {
            return RequestedVersion(.elixir, ">= 1.0.0", isRequirement: true, source: source, line: line)
        }
        guard let match = word.wholeMatch(of: /([0-9]+(?:\.[0-9]+){0,2}(?:-[0-9A-Za-z.]+?)?)(?:-otp-([0-9]+))?/) else {
            return nil
        }
        let version = String(match.1)
        // A pre-release belongs to a whole version only.
        if version.contains("-"), ElixirVersion(version) == nil { return nil }
        return RequestedVersion(
            .elixir, version, otpMajor: match.2.flatMap { Int($0) }, source: source, line: line)
    }

    private static func erlang(_ word: Substring, source: String, line: Int?) -> RequestedVersion? {
        guard OTPVersion(word) != nil else { return nil }
        return RequestedVersion(.erlang, String(word), source: source, line: line)
    }

    private static func withoutPrefix(_ word: String) -> Substring {
        var word = word[...]
        for prefix in ["ref:", "prefix:", "tag:"] where word.hasPrefix(prefix) { word = word.dropFirst(prefix.count) }
        if word.hasPrefix("OTP-") { return word.dropFirst(4) }
        return word.hasPrefix("v") ? word.dropFirst() : word
    }
}
