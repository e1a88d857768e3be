import BuildpackAPI
import TOMLCoding

extension MetadataValue {
    /// The value of a TOML value; dates become their text, and floats that JSON cannot say become theirs.
    package init(_ value: TOMLValue) {
        switch value {
        case .string(let text), .dateTime(let text): self = .string(text)
        case .integer(let number): self = .integer(number)
        case .float(let text): self = Self.float(text)
        case .boolean(let truth): self = .boolean(truth)
        case .array(let items): self = .array(items.map { MetadataValue($0.value) })
        case .table(let table): self = .table(table.metadata)
        }
    }

    private static func float(_ text: String) -> MetadataValue {
        guard let number = Double(text), number.isFinite else { return .string(text) }
        return .float(number)
    }

    package var toml: TOMLValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        case .float(let number): .double(number)
        case .boolean(let truth): .boolean(truth)
        case .array(let items): .list(items.map(\.toml))
        case .table(let table): .table(TOMLTable(metadata: table))
        }
    }
}

extension TOMLTable {
    /// The table's values by key.
    package var metadata: [String: MetadataValue] {
        Dictionary(entries.map { ($0.key, MetadataValue($0.node.value)) }, uniquingKeysWith: { $1 })
    }

    /// A table with its keys sorted.
    package init(metadata: [String: MetadataValue]) {
        self.init(entries: [])
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { set(key, value.toml) }
    }
}
