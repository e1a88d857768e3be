import Diagnostics

/// A release of Debian whose packages a builder can be made from.
package enum DebianSuite: String, Sendable, CaseIterable, CustomStringConvertible {
    case bookworm, trixie

    package var description: String { rawValue }

    /// Reads `debian:SUITE`.
    /// - Throws: `Failure` of code `usage` that names those there are.
    package init(_ text: String) throws(Failure) {
        guard text.hasPrefix("debian:"), let suite = Self(rawValue: String(text.dropFirst("debian:".count))) else {
            let names = Self.allCases.map { "debian:\($0.rawValue)" }
            throw Failure(
                .usage, "a builder cannot be made from \(text)", advice: "use \(names.joined(separator: " or "))",
                choices: names)
        }
        self = suite
    }
}
