/// Tells by its name whether a variable holds a secret.
package enum SecretName {
    private static let endings = ["SECRET", "KEY", "KEY_BASE", "TOKEN", "PASSWORD", "DSN", "COOKIE"]
    private static let hexKeys = "HEX_ORG_"

    /// Whether a variable of this name holds a secret.
    package static func isSecret(_ name: String) -> Bool {
        name == "DATABASE_URL" || isHexKey(name) || endings.contains { name.hasSuffix($0) }
    }

    /// Whether a variable of this name holds the key of a private Hex repository.
    package static func isHexKey(_ name: String) -> Bool { name.hasPrefix(hexKeys) }

    /// Whether a secret of this name is for fetching alone: git's token and Hex's keys.
    package static func isForFetching(_ name: String) -> Bool {
        name == gitToken || name.hasPrefix("HEX_") && isSecret(name)
    }

    /// The variable with what git servers take for a password.
    package static let gitToken = "GIT_TOKEN"

    /// The variable that holds the key of a Hex organisation (`hexpm:acme`) or repository.
    package static func hexKeyVariable(for repository: String) -> String {
        let name = repository.split(separator: ":").last ?? ""
        return hexKeys + String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
