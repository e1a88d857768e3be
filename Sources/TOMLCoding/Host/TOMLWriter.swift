/// Writes tables as TOML 1.0: the same value always gives the same text.
///
/// Keys keep their order, but for what TOML demands: a table's own values come before its sub-tables. Tables get a
/// header, arrays of tables `[[headers]]`; tables inside other arrays are written inline.
package struct TOMLWriter: Sendable {
    private var text = ""

    /// The text of a top-level table; empty for an empty one, else it ends in a newline.
    package static func text(of table: TOMLTable) -> String {
        var writer = TOMLWriter()
        writer.write(table, at: [])
        return writer.text
    }

    private mutating func write(_ table: TOMLTable, at path: [String]) {
        for entry in table.entries where !Self.needsHeader(entry.node.value) {
            text += "\(Self.key(entry.key)) = \(Self.inline(entry.node.value))\n"
        }
        for entry in table.entries where Self.needsHeader(entry.node.value) {
            writeSection(entry.node.value, at: path + [Self.key(entry.key)])
        }
    }

    private mutating func writeSection(_ value: TOMLValue, at path: [String]) {
        switch value {
        case .table(let table):
            let isOnlyParent = !table.isEmpty && table.entries.allSatisfy { Self.needsHeader($0.node.value) }
            if !isOnlyParent { writeHeader("[\(path.joined(separator: "."))]") }
            write(table, at: path)
        case .array(let items):
            for case .table(let table) in items.map(\.value) {
                writeHeader("[[\(path.joined(separator: "."))]]")
                write(table, at: path)
            }
        default: break
        }
    }

    private mutating func writeHeader(_ header: String) { text += (text.isEmpty ? "" : "\n") + header + "\n" }

    private static func needsHeader(_ value: TOMLValue) -> Bool {
        switch value {
        case .table: true
        case .array(let items): !items.isEmpty && items.allSatisfy { isTable($0.value) }
        default: false
        }
    }

    private static func isTable(_ value: TOMLValue) -> Bool {
        if case .table = value { true } else { false }
    }

    private static func inline(_ value: TOMLValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .integer(let number): "\(number)"
        case .float(let text), .dateTime(let text): text
        case .boolean(let truth): truth ? "true" : "false"
        case .array(let items): "[" + items.map { inline($0.value) }.joined(separator: ", ") + "]"
        case .table(let table):
            table.isEmpty
                ? "{}"
                : "{ " + table.entries.map { "\(key($0.key)) = \(inline($0.node.value))" }.joined(separator: ", ")
                    + " }"
        }
    }

    private static func key(_ key: String) -> String {
        !key.isEmpty && key.utf8.allSatisfy { $0.isBareKey } ? key : quoted(key)
    }

    /// A text as a basic string, quotes and all.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
