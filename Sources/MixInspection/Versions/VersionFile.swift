import Diagnostics
import SystemPackage
import TOMLCoding

/// A file that may say which Elixir and Erlang a project wants, and how it is read.
///
/// Nothing of it is run.
struct VersionFile: Sendable {
    /// What a file says of one tool.
    struct Entry: Hashable {
        var tool: RequestedVersion.Tool
        var word: String
        var line: Int
    }

    /// The file's name, relative to the project's folder.
    var name: String
    /// Reads the file's text.
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
}

extension VersionFile {
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
