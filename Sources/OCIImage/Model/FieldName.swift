/// The name of any JSON field.
struct FieldName: CodingKey, Hashable {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<FieldName> {
    /// The fields that are not in the list.
    func others(than known: Set<String>) throws -> [String: JSONValue] {
        var others: [String: JSONValue] = [:]
        for key in allKeys where !known.contains(key.stringValue) {
            others[key.stringValue] = try decode(JSONValue.self, forKey: key)
        }
        return others
    }

    /// A field's value; absent and null are both `nil`.
    func value<Value: Decodable>(_ name: String) throws -> Value? {
        try decodeIfPresent(Value.self, forKey: FieldName(name))
    }
}

extension KeyedEncodingContainer<FieldName> {
    /// Writes a field where there is a value.
    mutating func set<Value: Encodable>(_ name: String, _ value: Value?) throws {
        try encodeIfPresent(value, forKey: FieldName(name))
    }

    /// Writes fields that were kept.
    mutating func set(_ others: [String: JSONValue]) throws {
        for (name, value) in others { try encode(value, forKey: FieldName(name)) }
    }
}
