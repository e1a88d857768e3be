/// The tables of a file while it is being read: who may still add to which, and which key is taken.
///
/// A table can be reached again until the end of the file, so tables stand in one list and refer to each other by index.
struct TOMLDraft {
    /// How a table came to be: it decides what may still define it or add to it.
    enum Origin {
        /// As a parent named in a longer header: a header of its own may still define it.
        case implicit
        /// By its own header: closed to headers and to dotted keys of others.
        case header
        /// By a dotted key: more dotted keys may add to it, a header may not define it.
        case dotted
    }

    private enum Content {
        case node(TOMLNode)
        case table(Int)
        case elements([Int])
    }

    private struct Table {
        var entries: [(key: TOMLKey, content: Content)] = []
        var indexes: [[UInt8]: Int] = [:]
        var origin: Origin
        let position: TOMLPosition
        let depth: Int
    }

    static let root = 0
    static let depthLimit = 100

    private let fileName: String
    private let keyMatching: TOMLKeyMatching
    private var tables: [Table]

    /// Creates an empty root at a place, `depth` levels inside others.
    init(fileName: String, keyMatching: TOMLKeyMatching, position: TOMLPosition, depth: Int) {
        self.fileName = fileName
        self.keyMatching = keyMatching
        tables = [Table(origin: .header, position: position, depth: depth)]
    }

    func depth(of table: Int) -> Int { tables[table].depth }

    /// Sets the value of a dotted key in a table.
    mutating func define(_ path: [TOMLKey], as node: TOMLNode, in table: Int) throws(TOMLError) {
        guard let last = path.last else { return }
        var current = table
        for key in path.dropLast() { current = try dottedStep(key, in: current) }
        try add(.node(node), for: last, in: current)
    }

    /// Opens the table of a `[header]`.
    mutating func open(_ path: [TOMLKey]) throws(TOMLError) -> Int {
        guard let last = path.last else { return Self.root }
        let parent = try parent(of: path)
        guard let known = content(of: last, in: parent) else { return try addTable(.header, for: last, in: parent) }
        guard case .table(let table) = known, tables[table].origin == .implicit else { throw taken(last) }
        tables[table].origin = .header
        return table
    }

    /// Opens a new element of the array of tables of a `[[header]]`.
    mutating func openElement(_ path: [TOMLKey]) throws(TOMLError) -> Int {
        guard let last = path.last else { return Self.root }
        let parent = try parent(of: path)
        let element = try newTable(.header, at: last, in: parent)
        guard let place = tables[parent].indexes[Array(last.name.utf8)] else {
            try add(.elements([element]), for: last, in: parent)
            return element
        }
        guard case .elements(var elements) = tables[parent].entries[place].content else { throw taken(last) }
        tables[parent].entries[place].content = .elements([])
        elements.append(element)
        tables[parent].entries[place].content = .elements(elements)
        return element
    }

    /// The finished top-level table.
    func finished() -> TOMLTable { finished(Self.root) }

    private func finished(_ index: Int) -> TOMLTable {
        let table = tables[index]
        let entries = table.entries.map { entry in
            TOMLTable.Entry(
                key: entry.key.name, position: entry.key.position, node: finished(entry.content, of: entry.key))
        }
        return TOMLTable(
            entries: entries, position: table.position, fileName: fileName, keyMatching: keyMatching)
    }

    private func finished(_ content: Content, of key: TOMLKey) -> TOMLNode {
        switch content {
        case .node(let node): node
        case .table(let index): TOMLNode(.table(finished(index)), position: tables[index].position)
        case .elements(let indexes):
            TOMLNode(
                .array(indexes.map { TOMLNode(.table(finished($0)), position: tables[$0].position) }),
                position: key.position)
        }
    }

    /// The table that holds the last key of a header, its parents made where they are missing.
    private mutating func parent(of path: [TOMLKey]) throws(TOMLError) -> Int {
        var current = Self.root
        for key in path.dropLast() {
            switch content(of: key, in: current) {
            case nil: current = try addTable(.implicit, for: key, in: current)
            case .table(let table): current = table
            case .elements(let elements): current = elements.last ?? current
            case .node: throw taken(key)
            }
        }
        return current
    }

    private mutating func dottedStep(_ key: TOMLKey, in table: Int) throws(TOMLError) -> Int {
        guard let known = content(of: key, in: table) else { return try addTable(.dotted, for: key, in: table) }
        guard case .table(let next) = known, tables[next].origin == .dotted else { throw taken(key) }
        return next
    }

    private func content(of key: TOMLKey, in table: Int) -> Content? {
        tables[table].indexes[Array(key.name.utf8)].map { tables[table].entries[$0].content }
    }

    private mutating func addTable(_ origin: Origin, for key: TOMLKey, in parent: Int) throws(TOMLError) -> Int {
        let table = try newTable(origin, at: key, in: parent)
        try add(.table(table), for: key, in: parent)
        return table
    }

    private mutating func newTable(_ origin: Origin, at key: TOMLKey, in parent: Int) throws(TOMLError) -> Int {
        let depth = tables[parent].depth + 1
        guard depth <= Self.depthLimit else {
            throw TOMLError(fileName: fileName, position: key.position, message: "nested too deeply")
        }
        tables.append(Table(origin: origin, position: key.position, depth: depth))
        return tables.count - 1
    }

    private mutating func add(_ content: Content, for key: TOMLKey, in table: Int) throws(TOMLError) {
        let name = Array(key.name.utf8)
        guard tables[table].indexes[name] == nil else { throw taken(key) }
        tables[table].indexes[name] = tables[table].entries.count
        tables[table].entries.append((key, content))
    }

    private func taken(_ key: TOMLKey) -> TOMLError {
        TOMLError(fileName: fileName, position: key.position, message: "\(key.name) is defined already")
    }
}

/// One part of a key, and where it stands.
struct TOMLKey {
    let name: String
    let position: TOMLPosition
}
