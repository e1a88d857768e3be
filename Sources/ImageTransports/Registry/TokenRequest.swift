import HTTP

/// What a server says it takes, in a `WWW-Authenticate` header
/// ([RFC 9110, 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
enum Challenge: Sendable, Hashable {
    case basic
    case bearer(realm: String, service: String?, scope: String?)

    /// Reads a header; `nil` for what is neither basic nor bearer.
    init?(_ header: String) {
        let scheme = header.prefix { $0 != " " }
        switch scheme.lowercased() {
        case "basic": self = .basic
        case "bearer":
            let values = Self.parameters(header.dropFirst(scheme.count))
            guard let realm = values["realm"] else { return nil }
            self = .bearer(realm: realm, service: values["service"], scope: values["scope"])
        default: return nil
        }
    }

    /// `name="value", name=value`, where a quoted value may have commas.
    private static func parameters(_ text: Substring) -> [String: String] {
        var values: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            guard let equals = rest.firstIndex(of: "=") else { return values }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let value = rest.prefix { $0 != "\"" }
                values[name] = String(value)
                rest = rest.dropFirst(value.count + 1)
            } else {
                let value = rest.prefix { $0 != "," }
                values[name] = String(value)
                rest = rest.dropFirst(value.count)
            }
        }
    }
}

/// What a token is asked for with
/// ([distribution's Token Authentication Specification](https://distribution.github.io/distribution/spec/auth/token/)).
struct TokenRequest {
    let realm: String
    let service: String?
    /// The rights that the token must give, with blanks between them.
    let scope: String

    /// The request; an identity token is exchanged by OAuth 2, any other credential goes along as it is.
    func request(_ credential: RegistryCredential?) -> HTTPRequest {
        if case .identityToken(let secret) = credential { return exchange(secret) }
        var url = scope.split(separator: " ").reduce(realm) { URLText.adding("scope", String($1), to: $0) }
        if let service { url = URLText.adding("service", service, to: url) }
        var request = HTTPRequest("GET", url)
        if let value = credential?.authorization { request.headers = [("Authorization", value)] }
        return request
    }

    private func exchange(_ secret: String) -> HTTPRequest {
        var request = HTTPRequest("POST", realm)
        request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        let text = URLText.query([
            ("grant_type", "refresh_token"), ("refresh_token", secret), ("service", service ?? ""),
            ("scope", scope), ("client_id", "mixpack"),
        ])
        request.body = JoinedContent(.bytes(Array(text.utf8))).body
        return request
    }
}
