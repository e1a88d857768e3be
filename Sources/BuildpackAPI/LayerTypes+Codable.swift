extension LayerTypes: Codable {
    private static let names: [(name: String, type: LayerTypes)] = [
        ("launch", .launch), ("build", .build), ("cache", .cache),
    ]

    /// The names of the types in the set, in the specification's order.
    package var names: [String] { Self.names.filter { contains($0.type) }.map(\.name) }

    /// Reads a list of `launch`, `build` and `cache`; other names are an error.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = try container.decode([String].self).reduce(into: []) { types, name in
            guard let known = Self.names.first(where: { $0.name == name }) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "no such type of layer: \(name)")
            }
            types.formUnion(known.type)
        }
    }

    /// Writes the names of the types.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
