/// What mix.lock pins, as literals: enough to name the same dependencies in a project of mixpack's own.
///
/// The project wrote mix.lock, and mix runs it as code: nothing but literals comes through.
package struct DependencyLock: Sendable, Hashable {
    private let entries: [String: ElixirValue]

    /// Reads the file's bytes; entries that are not literals of a known shape are left out.
    package init(_ bytes: [UInt8]) {
        var reader = ElixirReader(ElixirTokenizer.tokens(of: bytes))
        let pairs = reader.readValue(inBrackets: true).pairs.filter { Self.isKnown($0.value) }
        entries = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The names of the dependencies.
    package var names: Set<String> { Set(entries.keys) }

    /// The dependencies that one asks for, optional ones too; `nil` if the lock does not say, as for git.
    package func needs(of name: String) -> Set<String>? {
        guard case .tuple(let parts)? = entries[name], parts[0].atom == "hex", parts.count > 5 else { return nil }
        return Set(
            (parts[5].elements ?? []).compactMap { need in
                guard case .tuple(let words) = need else { return nil }
                return words.first?.atom
            })
    }

    /// A mix.lock with these dependencies only.
    package func text(only names: Set<String>) -> String {
        let lines = entries.filter { names.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "  \(ElixirLiteral.string($0.key)): \(ElixirLiteral.text($0.value)),\n" }
        return "%{\n\(lines.joined())}\n"
    }

    /// The list for `deps:` in mix.exs that asks for exactly these dependencies.
    package func requirements(only names: Set<String>) -> String {
        let items = entries.filter { names.contains($0.key) }.sorted { $0.key < $1.key }.compactMap(Self.requirement)
        return "[\n" + items.map { "  \($0)" }.joined(separator: ",\n") + "\n]"
    }

    private static func requirement(_ name: String, _ value: ElixirValue) -> String? {
        guard case .tuple(let parts) = value else { return nil }
        let atom = ElixirLiteral.atom(name)
        if parts[0].atom == "git" {
            let options = parts.count > 3 ? parts[3].pairs : []
            let words = options.map { ", \(ElixirLiteral.atom($0.key)) => \(ElixirLiteral.text($0.value))" }.joined()
            return "{\(atom), Map.to_list(%{:git => \(ElixirLiteral.text(parts[1])), :override => true\(words)})}"
        }
        let repository = parts.count > 6 ? parts[6].string ?? "hexpm" : "hexpm"
        return "{\(atom), \(ElixirLiteral.text(parts[2])), [hex: \(ElixirLiteral.text(parts[1])), "
            + "repo: \(ElixirLiteral.string(repository)), override: true]}"
    }

    private static func isKnown(_ value: ElixirValue) -> Bool {
        guard case .tuple(let parts) = value, parts.count >= 3, ElixirLiteral.isLiteral(value) else { return false }
        return parts[0].atom == "git" ? parts[1].string != nil : parts[0].atom == "hex" && parts[2].string != nil
    }
}

/// Values as Elixir writes them.
enum ElixirLiteral {
    /// Whether the value is written out whole in the source.
    static func isLiteral(_ value: ElixirValue) -> Bool {
        switch value {
        case .atom, .string, .integer: true
        case .list(let parts), .tuple(let parts), .map(let parts): parts.allSatisfy(isLiteral)
        case .module, .call, .attribute, .joined, .unknown: false
        }
    }

    /// The source of a literal; anything else is `nil`, the atom.
    static func text(_ value: ElixirValue) -> String {
        switch value {
        case .atom(let name): atom(name)
        case .string(let text): string(text)
        case .integer(let number): "\(number)"
        case .list(let parts): "[" + parts.map(text).joined(separator: ", ") + "]"
        case .tuple(let parts): "{" + parts.map(text).joined(separator: ", ") + "}"
        case .map(let parts): "Map.new([" + parts.map(text).joined(separator: ", ") + "])"
        case .module, .call, .attribute, .joined, .unknown: "nil"
        }
    }

    /// An atom; Elixir warns about quotes that it does not need.
    static func atom(_ name: String) -> String {
        if ["nil", "true", "false"].contains(name) { return name }
        return ":" + (name.wholeMatch(of: /[a-z_][A-Za-z0-9_]*[?!]?/) != nil ? name : string(name))
    }

    /// A string in quotes; what the quotes would make something of is escaped.
    static func string(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\", "#": "\\\(scalar)"
            case _ where scalar.value < 32 || scalar.value == 127: "\\x{\(String(scalar.value, radix: 16))}"
            default: "\(scalar)"
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
