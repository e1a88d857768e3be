import HTTP

/// What a token is asked for with (distribution's "Token Authentication Specification").
struct TokenRequest {
    let realm: String
    let service: String?
    let scope: String

    /// The request; an identity token is exchanged by OAuth 2, any other credential goes along as it is.
    func request(_ credential: RegistryCredential?) -> HTTPRequest {
        if case .identityToken(let secret) = credential { return exchange(secret) }
        var url = URLText.adding("scope", scope, to: realm)
        if let service { url = URLText.adding("service", service, to: url) }
        var request = HTTPRequest("GET", url)
        if let value = credential?.authorization { request.headers = [("Authorization", value)] }
        return request
    }

    private func exchange(_ secret: String) -> HTTPRequest {
        var request = HTTPRequest("POST", realm)
        request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        let fields = [
            ("grant_type", "refresh_token"), ("refresh_token", secret), ("service", service ?? ""),
            ("scope", scope), ("client_id", "mixpack"),
        ]
        let text = fields.map { "\($0.0)=\(URLText.encoded($0.1))" }.joined(separator: "&")
        request.body = JoinedContent(.bytes(Array(text.utf8))).body
        return request
    }
}
