/// A variable that the project reads.
package struct ProjectVariable: Sendable, Hashable, Codable {
    /// When it is read.
    package enum Phase: String, Sendable, Hashable, Codable { case build, run }

    /// Whether the project goes on without it.
    package enum Need: String, Sendable, Hashable, Codable {
        /// The project stops without it.
        case required
        /// It has a default.
        case `default`
        /// Only whether it is set counts.
        case flag
        /// It may be missing.
        case optional
    }

    /// The name; for a computed name the expression, with `isDynamic`.
    package var name: String
    /// When it is read.
    package var phase: Phase
    /// Whether the project goes on without it.
    package var need: Need
    /// The default's text, where it is a literal.
    package var defaultValue: String?
    /// The file, relative to the project's folder.
    package var file: String
    /// The line, from 1.
    package var line: Int
    /// Whether the name is computed, so that only the expression is known.
    package var isDynamic: Bool

    package init(
        name: String, phase: Phase, need: Need, defaultValue: String? = nil, file: String, line: Int,
        isDynamic: Bool = false
    ) {
        self.name = name
        self.phase = phase
        self.need = need
        self.defaultValue = defaultValue
        self.file = file
        self.line = line
        self.isDynamic = isDynamic
    }
}
