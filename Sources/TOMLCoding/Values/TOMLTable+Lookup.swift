/// Typed lookups: `nil` for a key that is not there, an error with the place for a value of another type.
extension TOMLTable {
    /// The text of a key.
    /// - Throws: `TOMLError` when the value is not a string.
    package func string(_ key: String) throws(TOMLError) -> String? {
        guard let node = self[key] else { return nil }
        guard case .string(let text) = node.value else { throw mismatch(key, node, expected: "a string") }
        return text
    }

    /// The whole number of a key.
    /// - Throws: `TOMLError` when the value is not an integer.
    package func integer(_ key: String) throws(TOMLError) -> Int64? {
        guard let node = self[key] else { return nil }
        guard case .integer(let number) = node.value else { throw mismatch(key, node, expected: "an integer") }
        return number
    }

    /// The truth value of a key.
    /// - Throws: `TOMLError` when the value is not a boolean.
    package func boolean(_ key: String) throws(TOMLError) -> Bool? {
        guard let node = self[key] else { return nil }
        guard case .boolean(let truth) = node.value else { throw mismatch(key, node, expected: "true or false") }
        return truth
    }

    /// The list of texts of a key.
    /// - Throws: `TOMLError` when the value is not an array, or one of its items not a string.
    package func strings(_ key: String) throws(TOMLError) -> [String]? {
        guard let node = self[key] else { return nil }
        guard case .array(let items) = node.value else { throw mismatch(key, node, expected: "an array of strings") }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item.value else {
                throw mismatch(key, item, expected: "an array of strings")
            }
            texts.append(text)
        }
        return texts
    }

    /// The table of a key.
    /// - Throws: `TOMLError` when the value is not a table.
    package func table(_ key: String) throws(TOMLError) -> TOMLTable? {
        guard let node = self[key] else { return nil }
        guard case .table(let table) = node.value else { throw mismatch(key, node, expected: "a table") }
        return table
    }

    /// The tables of a key, `[[key]]` or an array of inline tables; none when the key is not there.
    /// - Throws: `TOMLError` when the value is not an array, or one of its items not a table.
    package func tables(_ key: String) throws(TOMLError) -> [TOMLTable] {
        guard let node = self[key] else { return [] }
        guard case .array(let items) = node.value else { throw mismatch(key, node, expected: "an array of tables") }
        var tables: [TOMLTable] = []
        for item in items {
            guard case .table(let table) = item.value else { throw mismatch(key, item, expected: "an array of tables") }
            tables.append(table)
        }
        return tables
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
