import Diagnostics
import Files
import SystemPackage
import TOMLCoding

/// A file that may say which versions of tools are wanted, and how it is read.
///
/// Nothing of it is run.
struct VersionFile: Sendable {
    /// What a file says of one tool.
    struct Entry: Hashable {
        /// The tool as version managers name it: `elixir`, `erlang`, `nodejs`.
        var tool: String
        /// The versions, in the order in which they count.
        var versions: [String]
        var line: Int
        /// Whether the file leaves several versions open, so that none of them is asked for.
        var isUnclear = false
    }

    var name: String
    var read: @Sendable (_ text: String, _ fileName: String) throws(Failure) -> [Entry]

    /// `.tool-versions`, under the name that it has.
    static func toolVersions(named name: String) -> VersionFile {
        VersionFile(name: name) { text, _ in toolVersions(text) }
    }

    /// One of mise's files.
    static func mise(_ name: String) -> VersionFile {
        VersionFile(name: name) { text, file throws(Failure) in try mise(text, file) }
    }

    /// A file that holds nothing but a version.
    static func single(_ name: String, _ tool: String) -> VersionFile {
        VersionFile(name: name) { text, _ in single(tool, text) }
    }

    /// The names of mise's files in a folder, the first before the next; `*` is any name, of which the last comes first.
    ///
    /// The order is that of mise's own lists: local files, then the others; of a kind the dotted name first.
    /// - Parameter environment: `MISE_ENV`, a list of which the last counts most.
    static func miseNames(environment: String?) -> [String] {
        let environments = (environment ?? "").split(separator: ",").reversed().map { ".\($0)" }
        let ofEnvironments = environments.flatMap { name in
            [".local", ""].flatMap { kind in
                [
                    ".mise\(name)\(kind).toml", ".mise/config\(name)\(kind).toml", "mise\(name)\(kind).toml",
                    "mise/config\(name)\(kind).toml", ".config/mise\(name)\(kind).toml",
                    ".config/mise/config\(name)\(kind).toml",
                ]
            }
        }
        let always = [".local", ""].flatMap { kind in
            [
                ".mise\(kind).toml", "mise\(kind).toml", "mise/config\(kind).toml", ".mise/config\(kind).toml",
                ".config/mise\(kind).toml", ".config/mise/mise\(kind).toml", ".config/mise/config\(kind).toml",
            ]
        }
        return ofEnvironments + always + [".config/mise/conf.d/*.toml"]
    }

    /// The names of mise's files in a folder of settings for all projects.
    static func miseSettings(environment: String?) -> [String] {
        let environments = (environment ?? "").split(separator: ",").reversed().map { ".\($0)" } + [""]
        let names = [".local", ""].flatMap { kind in
            environments.flatMap { ["mise\($0)\(kind).toml", "config\($0)\(kind).toml"] }
        }
        return names + ["conf.d/*.toml"]
    }

    /// The file itself, or the files in a folder that its name stands for.
    func expanded(in folder: FilePath) -> [VersionFile] {
        guard let star = name.firstRange(of: "/*.") else { return [self] }
        let (inner, ending) = (name[..<star.lowerBound] + "/", name[star.upperBound...])
        return folder.pushing(FilePath(String(inner))).names
            .filter { $0.hasSuffix("." + ending) && !$0.hasPrefix(".") }.sorted(by: >)
            .map { VersionFile(name: inner + $0, read: read) }
    }

    /// The files of a project that no version manager reads, or only one that is told to.
    static let ofProjects = [
        single(".elixir-version", "elixir"), single(".exenv-version", "elixir"), single(".erlang-version", "erlang"),
        VersionFile(name: "elixir_buildpack.config") { text, _ in buildpackConfiguration(text) },
        VersionFile(name: "Dockerfile") { text, _ in dockerfile(text) },
        VersionFile(name: ".devcontainer/devcontainer.json") { text, _ in developmentContainer(text) },
        VersionFile(name: ".devcontainer.json") { text, _ in developmentContainer(text) },
        VersionFile(name: ".devcontainer/Dockerfile") { text, _ in dockerfile(text) },
        VersionFile(name: workflows + "*.yml") { text, _ in workflow(text) },
        VersionFile(name: workflows + "*.yaml") { text, _ in workflow(text) },
    ]

    /// `elixir 1.18.4-otp-27 1.17.3 # comment`.
    private static func toolVersions(_ text: String) -> [Entry] {
        lines(text).compactMap { number, line in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            return words.count > 1 ? Entry(tool: words[0], versions: Array(words.dropFirst()), line: number) : nil
        }
    }

    private static func single(_ tool: String, _ text: String) -> [Entry] {
        let words = lines(text).compactMap { number, line -> Entry? in
            let word = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).first
            return word.map { Entry(tool: tool, versions: [String($0)], line: number) }
        }
        return Array(words.prefix(1))
    }

    /// `elixir_version=1.18.4`: the file is a shell script to those who wrote it, and only read here.
    private static func buildpackConfiguration(_ text: String) -> [Entry] {
        lines(text).compactMap { number, line in
            guard let match = line.firstMatch(of: /^\s*(elixir|erlang)_version=(.*)$/) else { return nil }
            return Entry(tool: String(match.1), versions: [shellWord(match.2)], line: number)
        }
    }

    /// The first word of a value, without quotes.
    static func shellWord(_ value: Substring) -> String {
        let value = value.drop(while: \.isWhitespace)
        if let quote = value.first, quote == "\"" || quote == "'" {
            return String(value.dropFirst().prefix { $0 != quote })
        }
        if value.hasPrefix("(") { return String(value.prefix { $0 != ")" }) + ")" }
        return String(value.prefix { !$0.isWhitespace && $0 != "#" })
    }

    static func lines(_ text: String) -> [(number: Int, text: Substring)] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .map { ($0.offset + 1, $0.element) }
    }
}

extension VersionFile {
    /// `[tools]` of mise: a text, a number, a list, or a table with `version`.
    private static func mise(_ text: String, _ name: String) throws(Failure) -> [Entry] {
        guard let tools = try TOMLDocument(parsing: text, fileName: name).root.table("tools") else { return [] }
        return tools.entries.compactMap { entry in
            // `core:erlang`, `asdf:elixir`: the backend does not change what is wanted.
            let bare = entry.key.split(separator: ":").last.map(String.init) ?? entry.key
            let versions = versions(entry.node.value)
            return versions.isEmpty ? nil : Entry(tool: bare, versions: versions, line: entry.position.line)
        }
    }

    private static func versions(_ value: TOMLValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .integer(let number): ["\(number)"]
        case .float(let number): ["\(number)"]
        case .array(let items): items.flatMap { versions($0.value) }
        case .table(let table): table["version"].map { versions($0.value) } ?? []
        default: []
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
        if word == "latest" {
            return RequestedVersion(tool, ">= 1.0.0", isRequirement: true, source: source, line: line)
        }
        let bare = withoutPrefix(word)
        switch tool {
        case .elixir: return elixir(bare, source: source, line: line)
        case .erlang: return erlang(bare, source: source, line: line)
        }
    }

    private static func elixir(_ word: Substring, source: String, line: Int?) -> RequestedVersion? {
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
