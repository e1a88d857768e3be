/// mix.lock: the versions that the dependencies are pinned to.
struct LockFile: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var name: String
        var source: MixDependency.Source
        /// A Hex package's version, or a git commit.
        var version: String?
        var url: String?
        /// The packages that it asks for in any case, by the lock; none are known of git.
        var needs: [String] = []
        /// The programs that build it, by its package: `mix`, `rebar3`, `make`.
        var managers: [String] = []
        /// The Hex repository, such as `hexpm` or `hexpm:acme`.
        var repository: String?
        /// The package's name in its repository, by which mix.exs may call it something else.
        var package: String?
    }

    let entries: [Entry]

    /// Reads the file's bytes; entries of a shape that is not known are left out.
    init(_ bytes: [UInt8]) {
        var reader = ElixirReader(ElixirTokenizer.tokens(of: bytes))
        entries = reader.readValue(inBrackets: true).pairs.compactMap { Self.entry($0.key, $0.value) }
    }

    init() { entries = [] }

    subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    private static func needs(_ parts: [ElixirValue]) -> [String] {
        guard parts.count > 5 else { return [] }
        return (parts[5].elements ?? []).compactMap { need in
            guard case .tuple(let words) = need, words.last?["optional"]?.isTrue != true else { return nil }
            return words.first?.atom
        }
    }

    private static func entry(_ name: String, _ value: ElixirValue) -> Entry? {
        guard case .tuple(let parts) = value, parts.count >= 3 else { return nil }
        switch parts[0].atom {
        case "hex":
            let repository = parts.count > 6 ? parts[6].string : nil
            return Entry(
                name: name, source: .hex, version: parts[2].string, needs: needs(parts),
                managers: parts.count > 4 ? (parts[4].elements ?? []).compactMap(\.atom) : [], repository: repository,
                package: parts[1].atom)
        case "git":
            return Entry(name: name, source: .git, version: parts[2].string, url: parts[1].string)
        default: return nil
        }
    }
}

/// What a mix.lock pins, for comparing two of them.
package enum LockedVersions {
    /// The packages that a lock file pins otherwise than another does, or that only it has, by name.
    ///
    /// Another way of writing the same, as newer versions of Hex have, is no difference.
    package static func changed(from before: String, to after: String) -> [String] {
        let old = LockFile(Array(before.utf8))
        return LockFile(Array(after.utf8)).entries
            .filter { entry in
                guard let known = old[entry.name] else { return true }
                return known.version != entry.version || known.source != entry.source || known.url != entry.url
                    || (known.repository ?? "hexpm") != (entry.repository ?? "hexpm")
            }
            .map(\.name).sorted()
    }
}
