/// What a buildpack offers to others and needs from them: the build plan of the CNB specification.
package struct BuildPlan: Sendable, Hashable, Codable {
    /// One dependency that is needed.
    package struct Requirement: Sendable, Hashable, Codable {
        package var name: String
        /// What is asked of it (version and the like).
        package var metadata: [String: MetadataValue]

        package init(_ name: String, metadata: [String: MetadataValue] = [:]) {
            self.name = name
            self.metadata = metadata
        }
    }

    package var provides: [String]
    package var requires: [Requirement]
    /// Other plans it can live with, tried after this one, in order.
    package var alternatives: [BuildPlan]

    package init(provides: [String] = [], requires: [Requirement] = [], alternatives: [BuildPlan] = []) {
        self.provides = provides
        self.requires = requires
        self.alternatives = alternatives
    }
}

/// A value of buildpack metadata: what TOML and JSON both can say.
package indirect enum MetadataValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    case array([MetadataValue])
    case table([String: MetadataValue])
}

extension MetadataValue: Codable {
    /// Reads the value in JSON's types.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .float(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([MetadataValue].self) {
            self = .array(value)
        } else {
            self = .table(try container.decode([String: MetadataValue].self))
        }
    }

    /// Writes the value in JSON's types.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .float(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .table(let value): try container.encode(value)
        }
    }
}
