/// Where keys mean something: the whole program, a kind of pane, a mode.
package struct KeyContext: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name.
    package let rawValue: String

    /// A context by its name.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A context by its name.
    package init(stringLiteral value: String) {
        rawValue = value
    }

    /// Everywhere.
    package static let global: KeyContext = "global"
}
