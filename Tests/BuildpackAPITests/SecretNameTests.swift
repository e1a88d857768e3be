import BuildpackAPI
import Testing

@Suite("Names of secrets")
struct SecretNameTests {
    @Test(
        "a name that ends as secrets' names do is one, and so is DATABASE_URL",
        arguments: [
            "SECRET", "APP_SECRET", "API_KEY", "SECRET_KEY_BASE", "GITHUB_TOKEN", "PASSWORD", "DB_PASSWORD",
            "SENTRY_DSN",
            "RELEASE_COOKIE", "DATABASE_URL",
        ])
    func secrets(name: String) { #expect(SecretName.isSecret(name)) }

    @Test(
        "others are none, whatever they have in the middle, and letters count as they are written",
        arguments: ["", "PORT", "KEYBOARD", "TOKEN_FILE", "api_key", "MY_DATABASE_URL", "DATABASE_URL_2", "PASSWORDS"])
    func others(name: String) { #expect(!SecretName.isSecret(name)) }
}
