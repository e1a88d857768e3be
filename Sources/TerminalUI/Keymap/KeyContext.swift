/// Where keys mean something: the whole program, a kind of pane, a mode.
public struct KeyContext: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name.
    public let rawValue: String

    /// A context by its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A context by its name.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// Everywhere.
    public static let global: KeyContext = "global"
}
