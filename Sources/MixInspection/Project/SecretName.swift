/// Names of variables whose values are taken for secrets.
enum SecretName {
    private static let endings = ["SECRET", "KEY", "KEY_BASE", "TOKEN", "PASSWORD", "DSN", "COOKIE"]

    static func matches(_ name: String) -> Bool {
        name == "DATABASE_URL" || endings.contains { name.hasSuffix($0) }
    }
}
