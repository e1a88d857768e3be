/// Values as Swift literals, for what is written: `["id": "a/b", "api": "0.10", "args": []]`.
extension TOMLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: TOMLValue...) { self = .list(elements) }
    /// A table with its keys in this order; of a key that stands twice the last value counts.
    package init(dictionaryLiteral elements: (String, TOMLValue)...) {
        var table = TOMLTable(entries: [])
        for (key, value) in elements { table.set(key, value) }
        self = .table(table)
    }

    /// An array of values that were not read from a file.
    package static func list(_ values: [TOMLValue]) -> TOMLValue { .array(values.map { TOMLNode($0) }) }

    package static func strings(_ texts: [String]) -> TOMLValue { .list(texts.map { .string($0) }) }

    /// An array of tables, written as `[[key]]`.
    package static func tables(_ tables: [TOMLTable]) -> TOMLValue { .list(tables.map { .table($0) }) }

    /// A floating-point number; always with a point or an exponent, so that it stays one.
    package static func double(_ number: Double) -> TOMLValue { .float("\(number)") }

    /// The number of a float, or of an integer; `nil` for any other value.
    package var double: Double? {
        switch self {
        case .float(let text): Double(text)
        case .integer(let number): Double(number)
        default: nil
        }
    }
}

extension TOMLTable: ExpressibleByDictionaryLiteral {
    /// A table with its keys in this order; of a key that stands twice the last value counts.
    package init(dictionaryLiteral elements: (String, TOMLValue)...) {
        self.init(entries: [])
        for (key, value) in elements { set(key, value) }
    }

    /// Sets the value of a key: in its place if the key is there, else at the end; `nil` takes the key out.
    package mutating func set(_ key: String, _ value: TOMLValue?) {
        let place = entries.firstIndex { $0.key == key }
        switch (place, value) {
        case (let place?, let value?): entries[place].node = TOMLNode(value)
        case (let place?, nil): entries.remove(at: place)
        case (nil, let value?): entries.append(Entry(key: key, node: TOMLNode(value)))
        case (nil, nil): break
        }
    }
}
