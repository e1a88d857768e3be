/// Tells by its name whether a variable holds a secret.
package enum SecretName {
    private static let endings = ["SECRET", "KEY", "KEY_BASE", "TOKEN", "PASSWORD", "DSN", "COOKIE"]

    /// Whether a variable of this name holds a secret.
    package static func isSecret(_ name: String) -> Bool {
        name == "DATABASE_URL" || endings.contains { name.hasSuffix($0) }
    }
}
