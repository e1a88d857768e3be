import FoundationEssentials

/// What opens a registry.
package enum RegistryCredential: Sendable, Hashable {
    /// A user and a password.
    case basic(user: String, password: String)
    /// A token that is exchanged for others (OAuth 2 refresh token).
    case identityToken(String)
    /// The value of an Authorization header, as `CNB_REGISTRY_AUTH` gives it.
    case header(String)

    /// The header for a server that takes the credential itself; `nil` for one that must be exchanged.
    var authorization: String? {
        switch self {
        case .basic(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        case .header(let value): value
        case .identityToken: nil
        }
    }
}

extension RegistryCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "a credential" }
    /// Never the secret.
    package var debugDescription: String { description }
    /// Never the secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
