/// A variable that the project reads.
package struct ProjectVariable: Sendable, Hashable, Codable {
    package enum Phase: String, Sendable, Hashable, Codable { case build, run }

    package enum Need: String, Sendable, Hashable, Codable {
        /// The project stops without it.
        case required
        case `default`
        /// Only whether it is set counts.
        case flag
        case optional
    }

    /// The name; for a computed name the expression, with `isDynamic`.
    package var name: String
    package var phase: Phase
    /// Whether the project goes on without it.
    package var need: Need
    /// The default's text, where it is a literal.
    package var defaultValue: String?
    /// The file, relative to the project's folder.
    package var file: String
    package var line: Int
    /// Whether the name is computed, so that only the expression is known.
    package var isDynamic = false
}
