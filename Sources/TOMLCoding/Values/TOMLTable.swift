/// A table: keys and their values, in the order of the file.
package struct TOMLTable: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        /// The key, unquoted.
        package var key: String
        package var position: TOMLPosition
        package var node: TOMLNode

        package init(key: String, position: TOMLPosition = .none, node: TOMLNode) {
            self.key = key
            self.position = position
            self.node = node
        }
    }

    /// The entries, in the order of the file; no key stands twice.
    package internal(set) var entries: [Entry]
    /// Where the table begins: its header, its brace or its first dotted key.
    package var position: TOMLPosition
    /// The file it was read from; errors of lookups name it.
    package var fileName: String
    /// Which keys a lookup takes for the one it is asked for.
    package var keyMatching: TOMLKeyMatching

    /// Creates a table of entries, by default one that was not read from a file; `TOMLTable()` is an empty one.
    package init(
        entries: [Entry], position: TOMLPosition = .none, fileName: String = "",
        keyMatching: TOMLKeyMatching = .exact
    ) {
        self.entries = entries
        self.position = position
        self.fileName = fileName
        self.keyMatching = keyMatching
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The entry of a key, looked up as `keyMatching` says; an exact match goes first.
    package func entry(_ key: String) -> Entry? {
        if let exact = entries.first(where: { $0.key == key }) { return exact }
        guard keyMatching == .ignoringCase else { return nil }
        return entries.first { TOMLKeyMatching.ignoringCase.matches($0.key, key) }
    }

    /// The value of a key with its position, looked up as `keyMatching` says.
    package subscript(key: String) -> TOMLNode? { entry(key)?.node }
}

/// Typed lookups: `nil` for a key that is not there, an error with the place for a value of another type.
extension TOMLTable {
    package func string(_ key: String) throws(TOMLError) -> String? {
        try value(key, "a string") { if case .string(let text) = $0 { text } else { nil } }
    }

    package func integer(_ key: String) throws(TOMLError) -> Int64? {
        try value(key, "an integer") { if case .integer(let number) = $0 { number } else { nil } }
    }

    package func boolean(_ key: String) throws(TOMLError) -> Bool? {
        try value(key, "true or false") { if case .boolean(let truth) = $0 { truth } else { nil } }
    }

    package func table(_ key: String) throws(TOMLError) -> TOMLTable? {
        try value(key, "a table") { if case .table(let table) = $0 { table } else { nil } }
    }

    package func strings(_ key: String) throws(TOMLError) -> [String]? {
        try list(key, "an array of strings") { if case .string(let text) = $0 { text } else { nil } }
    }

    /// `[[key]]` or an array of inline tables; none when the key is not there.
    package func tables(_ key: String) throws(TOMLError) -> [TOMLTable] {
        try list(key, "an array of tables") { if case .table(let table) = $0 { table } else { nil } } ?? []
    }

    private func value<Value>(
        _ key: String, _ expected: String, _ cast: (TOMLValue) -> Value?
    ) throws(TOMLError) -> Value? {
        guard let node = self[key] else { return nil }
        guard let value = cast(node.value) else { throw mismatch(key, node, expected: expected) }
        return value
    }

    private func list<Value>(
        _ key: String, _ expected: String, _ cast: (TOMLValue) -> Value?
    ) throws(TOMLError) -> [Value]? {
        guard let node = self[key] else { return nil }
        guard case .array(let items) = node.value else { throw mismatch(key, node, expected: expected) }
        var values: [Value] = []
        for item in items {
            guard let value = cast(item.value) else { throw mismatch(key, item, expected: expected) }
            values.append(value)
        }
        return values
    }

    /// An error at the place of a key's value, or of the table where the key is not there.
    package func error(at key: String, _ message: String) -> TOMLError {
        TOMLError(fileName: fileName, position: self[key]?.position ?? position, message: message)
    }

    private func mismatch(_ key: String, _ node: TOMLNode, expected: String) -> TOMLError {
        TOMLError(
            fileName: fileName, position: node.position,
            message: "\(key): expected \(expected), found \(node.value.kind)")
    }
}

/// Which keys a lookup takes for the one it is asked for.
package enum TOMLKeyMatching: Sendable, Hashable {
    /// The same key only, as TOML has it.
    case exact
    /// Any case of ASCII letters, as the reference lifecycle's reader has it for the files of buildpacks.
    case ignoringCase

    package func matches(_ one: String, _ other: String) -> Bool {
        switch self {
        case .exact: one == other
        case .ignoringCase:
            one.utf8.count == other.utf8.count
                && zip(one.utf8, other.utf8).allSatisfy { Self.folded($0) == Self.folded($1) }
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
