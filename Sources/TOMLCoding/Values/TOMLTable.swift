/// A table: keys and their values, in the order of the file.
public struct TOMLTable: Sendable, Hashable {
    /// A key, where it stands, and its value.
    public struct Entry: Sendable, Hashable {
        /// The key, unquoted.
        public var key: String
        /// Where the key stands.
        public var position: TOMLPosition
        /// The value.
        public var node: TOMLNode

        /// Creates an entry; by default one that was not read from a file.
        public init(key: String, position: TOMLPosition = .none, node: TOMLNode) {
            self.key = key
            self.position = position
            self.node = node
        }
    }

    /// The entries, in the order of the file; no key stands twice.
    public internal(set) var entries: [Entry]
    /// Where the table begins: its header, its brace or its first dotted key.
    public var position: TOMLPosition
    /// The file it was read from; errors of lookups name it.
    public var fileName: String
    /// Which keys a lookup takes for the one it is asked for.
    public var keyMatching: TOMLKeyMatching

    /// Creates a table of entries, by default one that was not read from a file; `TOMLTable()` is an empty one.
    public init(
        entries: [Entry], position: TOMLPosition = .none, fileName: String = "",
        keyMatching: TOMLKeyMatching = .exact
    ) {
        self.entries = entries
        self.position = position
        self.fileName = fileName
        self.keyMatching = keyMatching
    }

    /// Whether the table has no entries.
    public var isEmpty: Bool { entries.isEmpty }

    /// The entry of a key, looked up as `keyMatching` says; an exact match goes first.
    public func entry(_ key: String) -> Entry? {
        if let exact = entries.first(where: { $0.key == key }) { return exact }
        guard keyMatching == .ignoringCase else { return nil }
        return entries.first { TOMLKeyMatching.ignoringCase.matches($0.key, key) }
    }

    /// The value of a key with its position, looked up as `keyMatching` says.
    public subscript(key: String) -> TOMLNode? { entry(key)?.node }
}
