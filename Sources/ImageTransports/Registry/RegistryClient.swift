import OCIImage

/// Speaks the OCI distribution protocol with one repository: authentication, redirects, retries.
actor RegistryClient {
    let endpoint: RegistryEndpoint
    private let http: HTTPClient
    private let credentials: CredentialStore
    private let retry: RetryPolicy
    /// The Authorization headers that were taken, by what they were asked for.
    private var authorizations: [String: String] = [:]

    init(_ endpoint: RegistryEndpoint, http: HTTPClient, credentials: CredentialStore, retry: RetryPolicy) {
        self.endpoint = endpoint
        self.http = http
        self.credentials = credentials
        self.retry = retry
    }

    /// Sends a request until it is answered for good.
    /// - Parameters:
    ///   - actions: what a token must allow, `pull` or `pull,push`.
    ///   - isRepeatable: whether the request may be sent again after a failure.
    /// - Throws: `ImageError` of code `transport` when no answer comes; a refusal is an answer.
    func send(
        _ request: HTTPRequest, actions: String, isRepeatable: Bool = true
    ) async throws(ImageError) -> HTTPResponse {
        var attempt = 1
        while true {
            var failure: ImageError?
            var response: HTTPResponse?
            do throws(ImageError) {
                response = try await sendOnce(request, actions)
            } catch {
                failure = error
            }
            let isPassing = response.map { RetryPolicy.isPassing($0.status) } ?? (failure?.code == .transport)
            guard isPassing, isRepeatable, attempt < retry.attempts, !Task.isCancelled else {
                if let response { return response }
                throw failure ?? ImageError(.transport, "no answer from \(endpoint.registry)")
            }
            let asked = response?.headers["retry-after"].flatMap(Double.init)
            do { try await retry.wait(retry.delay(after: attempt, retryAfter: asked)) } catch {
                throw ImageError(.transport, "cancelled")
            }
            attempt += 1
        }
    }

    /// Sends a request with the authorization that is known, and once more with a new one if that is refused.
    private func sendOnce(_ request: HTTPRequest, _ actions: String) async throws(ImageError) -> HTTPResponse {
        let response = try await follow(request, authorizations[actions])
        guard response.status == 401, let header = response.headers["www-authenticate"],
            let challenge = Challenge(header)
        else { return response }
        guard let authorization = try await authorize(challenge, actions) else { return response }
        authorizations[actions] = authorization
        return try await follow(request, authorization)
    }

    /// Follows redirects; the authorization goes to the registry's own address alone.
    private func follow(_ request: HTTPRequest, _ authorization: String?) async throws(ImageError) -> HTTPResponse {
        var request = request
        let home = URLText.origin(endpoint.url(""))
        let headers = request.headers
        for _ in 0..<6 {
            request.headers = headers
            if let authorization, URLText.origin(request.url) == home {
                request.headers.append(("Authorization", authorization))
            }
            let response = try await http.send(request)
            let isRedirect = [301, 302, 303, 307, 308].contains(response.status)
            guard isRedirect, request.body == nil, let location = response.headers["location"] else { return response }
            let target = URLText.resolve(location, from: request.url)
            guard target.hasPrefix("https://") || endpoint.scheme == "http" else {
                throw ImageError(.transport, "\(endpoint.registry) leads to an address without TLS")
            }
            request.url = target
        }
        throw ImageError(.transport, "\(endpoint.registry) leads in a circle")
    }

    private func authorize(_ challenge: Challenge, _ actions: String) async throws(ImageError) -> String? {
        let credential = try await credentials.credential(for: endpoint.registry)
        switch challenge {
        case .basic: return credential?.authorization
        case .bearer(let realm, let service, _):
            if case .header(let value) = credential, value.lowercased().hasPrefix("bearer ") { return value }
            return "Bearer " + (try await token(realm, service, endpoint.scope(actions), credential))
        }
    }

    /// Fetches a token (distribution's "Token Authentication Specification").
    private func token(
        _ realm: String, _ service: String?, _ scope: String, _ credential: RegistryCredential?
    ) async throws(ImageError) -> String {
        struct Answer: Decodable {
            let token: String?
            let access_token: String?
        }
        guard realm.hasPrefix("https://") || endpoint.scheme == "http" else {
            throw ImageError(.transport, "\(endpoint.registry) asks for credentials at an address without TLS")
        }
        let response = try await http.send(tokenRequest(realm, service, scope, credential))
        guard response.isSuccess else {
            throw ImageError(
                .transport, "\(endpoint.registry) gives no token: status \(response.status)",
                advice: "log in with docker login \(endpoint.registry)")
        }
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the registry's token")
        guard let token = answer.token ?? answer.access_token else {
            throw ImageError(.malformed, "\(endpoint.registry) answered without a token")
        }
        return token
    }

    private func tokenRequest(
        _ realm: String, _ service: String?, _ scope: String, _ credential: RegistryCredential?
    ) throws(ImageError) -> HTTPRequest {
        if case .identityToken(let secret) = credential {
            var request = HTTPRequest("POST", realm)
            request.headers = [("Content-Type", "application/x-www-form-urlencoded")]
            let fields = [
                ("grant_type", "refresh_token"), ("refresh_token", secret), ("service", service ?? ""),
                ("scope", scope),
                ("client_id", "mixpack"),
            ]
            let text = fields.map { "\($0.0)=\(URLText.encoded($0.1))" }.joined(separator: "&")
            var body = JoinedContent()
            body.append(.bytes(Array(text.utf8)))
            request.body = body
            return request
        }
        var url = URLText.adding("scope", scope, to: realm)
        if let service { url = URLText.adding("service", service, to: url) }
        var request = HTTPRequest("GET", url)
        if let value = credential?.authorization { request.headers = [("Authorization", value)] }
        return request
    }
}
