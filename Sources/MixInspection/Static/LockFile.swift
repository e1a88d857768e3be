/// mix.lock: the versions that the dependencies are pinned to.
struct LockFile: Sendable, Hashable {
    /// A pinned dependency.
    struct Entry: Sendable, Hashable {
        var name: String
        var source: MixDependency.Source
        /// A Hex package's version, or a git commit.
        var version: String?
        /// The URL of a git dependency.
        var url: String?
        /// The Hex repository, such as `hexpm` or `hexpm:acme`.
        var repository: String?
    }

    /// The entries, in the order of the file.
    let entries: [Entry]

    /// Reads the file's bytes; entries of a shape that is not known are left out.
    init(_ bytes: [UInt8]) {
        var reader = ElixirReader(ElixirTokenizer.tokens(of: bytes))
        entries = reader.readValue(inBrackets: true).pairs.compactMap { Self.entry($0.key, $0.value) }
    }

    /// A lock file with nothing in it.
    init() { entries = [] }

    /// The entry of a dependency.
    subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    private static func entry(_ name: String, _ value: ElixirValue) -> Entry? {
        guard case .tuple(let parts) = value, parts.count >= 3 else { return nil }
        switch parts[0].atom {
        case "hex":
            let repository = parts.count > 6 ? parts[6].string : nil
            return Entry(name: name, source: .hex, version: parts[2].string, repository: repository)
        case "git":
            return Entry(name: name, source: .git, version: parts[2].string, url: parts[1].string)
        default: return nil
        }
    }
}
