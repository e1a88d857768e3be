/// What a buildpack offers to others and needs from them: the build plan of the CNB specification.
public struct BuildPlan: Sendable, Hashable, Codable {
    /// One dependency that is needed.
    public struct Requirement: Sendable, Hashable, Codable {
        /// The dependency's name.
        public var name: String
        /// What is asked of it (version and the like).
        public var metadata: [String: MetadataValue]

        /// Creates a requirement; by default with no metadata.
        public init(_ name: String, metadata: [String: MetadataValue] = [:]) {
            self.name = name
            self.metadata = metadata
        }
    }

    /// The dependencies it can provide.
    public var provides: [String]
    /// The dependencies it requires.
    public var requires: [Requirement]
    /// Other plans it can live with, tried after this one, in order.
    public var alternatives: [BuildPlan]

    /// Creates a plan; by default empty.
    public init(provides: [String] = [], requires: [Requirement] = [], alternatives: [BuildPlan] = []) {
        self.provides = provides
        self.requires = requires
        self.alternatives = alternatives
    }
}

/// A value of buildpack metadata: what TOML and JSON both can say.
public indirect enum MetadataValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    case array([MetadataValue])
    case table([String: MetadataValue])
}

extension MetadataValue: Codable {
    /// Reads the value in JSON's types.
    public init(from decoder: any Decoder) throws {
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
    public func encode(to encoder: any Encoder) throws {
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
