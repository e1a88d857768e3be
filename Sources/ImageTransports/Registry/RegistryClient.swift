import Diagnostics
import HTTP
import OCIImage

/// Speaks the OCI distribution protocol with one repository: authentication, redirects, retries.
actor RegistryClient {
    let endpoint: RegistryEndpoint
    private let http: HTTPClient
    private let credentials: CredentialStore
    private let retry: RetryPolicy
    /// The Authorization headers that were taken, by what they were asked for.
    private var authorizations: [String: String] = [:]
    /// The endpoint as it answers: on this machine itself, without TLS where it takes none.
    private var reached: RegistryEndpoint
    /// Why a credential could not be had; what is refused then is refused for that.
    private var problem: Failure?

    init(_ endpoint: RegistryEndpoint, http: HTTPClient, credentials: CredentialStore, retry: RetryPolicy) {
        self.endpoint = endpoint
        reached = endpoint
        self.http = http
        self.credentials = credentials
        self.retry = retry
    }

    /// Sends a request until it is answered for good.
    /// - Parameters:
    ///   - actions: what a token must allow, `pull` or `pull,push`.
    ///   - other: another repository that the token must allow to pull from.
    ///   - isRepeatable: whether the request may be sent again after a failure.
    /// - Throws: `Failure` of code `transport` when no answer comes; a refusal is an answer.
    func send(
        _ request: HTTPRequest, actions: String, from other: String? = nil, isRepeatable: Bool = true
    ) async throws(Failure) -> HTTPResponse {
        var attempt = 1
        while true {
            var failure: Failure?
            var response: HTTPResponse?
            do throws(Failure) {
                response = try await sendOnce(request, endpoint.scope(actions, from: other))
            } catch {
                failure = error
            }
            let isPassing = response.map { RetryPolicy.isPassing($0.status) } ?? (failure?.code == .transport)
            guard isPassing, isRepeatable, attempt < retry.attempts, !Task.isCancelled else {
                if let response { return response }
                throw failure ?? Failure(.transport, "no answer from \(endpoint.registry)")
            }
            try await retry.pause(after: attempt, asked: response?.retryAfter)
            attempt += 1
        }
    }

    /// Sends a request with the authorization that is known, and once more with a new one if that is refused.
    private func sendOnce(_ request: HTTPRequest, _ scope: String) async throws(Failure) -> HTTPResponse {
        let (response, isHome) = try await follow(request, authorizations[scope])
        // Only the registry itself may ask for credentials, not a server that it leads to.
        guard isHome, response.status == 401, let header = response.headers["www-authenticate"],
            let challenge = Challenge(header)
        else { return response }
        switch try await authorize(challenge, scope) {
        case .header(let authorization):
            authorizations[scope] = authorization
            return try explained(try await follow(request, authorization).response)
        case .refused(let refusal): return try explained(refusal)
        case .none: return try explained(response)
        }
    }

    /// An answer, unless it is a refusal for want of the credential that could not be had.
    private func explained(_ response: HTTPResponse) throws(Failure) -> HTTPResponse {
        if let problem, [401, 403].contains(response.status) { throw problem }
        return response
    }

    /// Follows redirects; the authorization goes to the registry's own address alone, and nothing from TLS to none.
    /// - Returns: The answer, and whether it is the registry's own.
    private func follow(
        _ request: HTTPRequest, _ authorization: String?
    ) async throws(Failure) -> (response: HTTPResponse, isHome: Bool) {
        var request = request
        request.stall = retry.stall
        let headers = request.headers
        for _ in 0..<6 {
            request.url = try reached.secured(asReached(request.url))
            let isHome = URLText.origin(request.url) == reached.origin
            request.headers = headers
            if let authorization, isHome { request.headers.append(("Authorization", authorization)) }
            guard let response = try await answer(to: request, isHome) else { continue }
            guard let next = Self.redirection(response, of: request) else { return (response, isHome) }
            request.url = next
        }
        throw Failure(.unsupported, "\(endpoint.registry) redirects in a loop")
    }

    /// An address of the registry as it answers.
    private func asReached(_ url: String) -> String {
        guard reached.scheme != endpoint.scheme, URLText.origin(url) == endpoint.origin else { return url }
        return reached.origin + URLText.path(of: url)
    }

    /// Sends a request; `nil` where it is to be sent again without TLS, as docker does on this machine itself.
    private func answer(to request: HTTPRequest, _ isHome: Bool) async throws(Failure) -> HTTPResponse? {
        do throws(Failure) {
            return try await http.send(request)
        } catch {
            // Others that were sent at the same time may have found out already.
            guard error.code == .unsupported, isHome, URLText.scheme(of: request.url) == "https" else { throw error }
            guard URLText.isLoopback(request.url) else {
                throw Failure(
                    error.code, error.message,
                    advice: "if you trust it without TLS, name it: --insecure-registry \(endpoint.registry)")
            }
            reached = endpoint.withoutTLS
            return nil
        }
    }

    /// Where an answer leads; a body is sent again only where the status asks for that, and to the same server.
    private static func redirection(_ response: HTTPResponse, of request: HTTPRequest) -> String? {
        guard [301, 302, 303, 307, 308].contains(response.status), let location = response.headers["location"] else {
            return nil
        }
        let next = URLText.resolve(location, from: request.url)
        guard request.body != nil else { return next }
        return [307, 308].contains(response.status) && URLText.host(of: next) == URLText.host(of: request.url)
            ? next : nil
    }

    /// What came of asking for an authorization.
    private enum Authorization {
        case header(String)
        /// The token server's refusal.
        case refused(HTTPResponse)
        /// There is no credential.
        case none
    }

    private func authorize(_ challenge: Challenge, _ scope: String) async throws(Failure) -> Authorization {
        let search = try await credentials.search(for: endpoint.repository, of: endpoint.registry)
        problem = search.problem
        let credential = search.found
        switch challenge {
        case .basic: return credential?.authorization.map { .header($0) } ?? .none
        case .bearer(let realm, let service, _):
            if case .header(let value) = credential, value.lowercased().hasPrefix("bearer ") { return .header(value) }
            return try await token(realm, service, scope, credential)
        }
    }

    /// Fetches a token (distribution's "Token Authentication Specification").
    private func token(
        _ realm: String, _ service: String?, _ scope: String, _ credential: RegistryCredential?
    ) async throws(Failure) -> Authorization {
        struct Answer: Decodable {
            let token: String?
            let access_token: String?
        }
        let realm = try reached.secured(realm)
        var request = TokenRequest(realm: realm, service: service, scope: scope).request(credential)
        request.stall = retry.stall
        var response = try await http.send(request)
        guard response.isSuccess else {
            // What will not pass is a refusal, whatever the token server calls it, and is not asked for again.
            if !RetryPolicy.isPassing(response.status) { response.status = 401 }
            return .refused(response)
        }
        let server = URLText.server(of: realm)
        guard !response.isWebPage else {
            throw Failure(
                .malformed,
                "\(server), the token server of \(endpoint.registry), answered with a web page (\(response.kind))",
                advice: "check that \(server) is not behind a sign-in page")
        }
        let answer = try CanonicalJSON.decode(Answer.self, from: response.body, what: "the token of \(server)")
        guard let token = answer.token ?? answer.access_token else {
            throw Failure(
                .malformed, "\(server), the token server of \(endpoint.registry), answered without a token")
        }
        return .header("Bearer " + token)
    }
}
