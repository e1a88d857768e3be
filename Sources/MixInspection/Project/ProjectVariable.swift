/// A variable that the project reads.
package struct ProjectVariable: Sendable, Hashable, Codable {
    package enum Phase: String, Sendable, Hashable, Codable { case build, run }

    package enum Need: String, Sendable, Hashable, Codable {
        /// The project stops without it.
        case required
        /// The project stops without it where a condition holds that only the container knows.
        case conditional
        case `default`
        /// Only whether it is set counts.
        case flag
        case optional
    }

    package var name: String
    package var phase: Phase
    /// Whether the project goes on without it.
    package var need: Need
    /// The default's text, where it is a literal.
    package var defaultValue: String?
    /// The file, relative to the project's folder.
    package var file: String
    package var line: Int
    /// The condition of one that is needed on a condition, in the project's own words: `if mode == :web`.
    package var condition: String?
    /// The line of the condition, where that is in the same file.
    package var conditionLine: Int?

    /// The default for people, in one short line.
    package var shownDefault: String? {
        defaultValue.map { value in
            let line = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if line.isEmpty { return "empty" }
            return line.count > 80 ? line.prefix(79) + "…" : line
        }
    }

    /// What a variable of Phoenix's template is for, with an example: its name and its line do not say.
    package var purpose: String? {
        switch name {
        case "DNS_CLUSTER_QUERY":
            "a DNS name whose addresses are the nodes of the cluster, such as my-app.internal; for --distribution cluster"
        case "ECTO_IPV6": "true or 1: Ecto reaches the database over IPv6"
        default: nil
        }
    }

    /// Whether its value may end up in the image: it is more than a switch, and more than mix.exs reads it.
    package var mayEndInImage: Bool {
        phase == .build && need != .flag && file != "mix.exs" && !file.hasSuffix("/mix.exs")
    }
}

/// A read of a variable whose name could not be found out.
package struct UnnamedRead: Sendable, Hashable, Codable {
    /// The expression that makes the name.
    package var expression: String
    package var phase: ProjectVariable.Phase
    /// The file, relative to the project's folder.
    package var file: String
    package var line: Int
}
