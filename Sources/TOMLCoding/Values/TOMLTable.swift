/// A table: keys and their values, in the order of the file.
package struct TOMLTable: Sendable, Hashable {
    /// A key, where it stands, and its value.
    package struct Entry: Sendable, Hashable {
        /// The key, unquoted.
        package var key: String
        /// Where the key stands.
        package var position: TOMLPosition
        /// The value.
        package var node: TOMLNode

        /// Creates an entry; by default one that was not read from a file.
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

    /// Whether the table has no entries.
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
