import Diagnostics
import HTTP
import OCIImage

extension RegistryClient {
    enum Asked: Sendable {
        case pull(String)
        case push(String)

        var text: String {
            switch self {
            case .pull(let what): "the request for \(what)"
            case .push(let what): "the push of \(what)"
            }
        }
    }

    /// The repository, for people.
    nonisolated var place: String { "\(endpoint.registry)/\(endpoint.repository)" }

    /// The error that a refusal means
    /// ([OCI distribution specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes)).
    nonisolated func refusal(_ response: HTTPResponse, _ asked: Asked) -> Failure {
        if response.isWebPage { return webPage(response, asked) }
        let words = Self.words(of: response)
        switch (response.status, asked) {
        case (401, _), (403, _):
            return Failure(
                .transport, "\(place) refused \(asked.text)\(words)",
                advice: "log in with docker login \(endpoint.registry)")
        case (404, .pull(let what)): return Failure(.notFound, "\(place) has no \(what)\(words)")
        case (404, .push):
            return Failure(
                .transport, "\(endpoint.registry) has no repository \(endpoint.repository)\(words)",
                advice: "make the repository first: this registry does not do so with a push, as ECR does not")
        case (413, _):
            return Failure(
                .transport, "\(place) refused \(asked.text), because it is too large\(words)",
                advice: "raise the limit of the registry or of the proxy before it (nginx: client_max_body_size 0)")
        default: return Failure(.transport, "\(place) answered \(response.status) to \(asked.text)\(words)")
        }
    }

    /// The error that something was taken under another digest than it was sent as.
    nonisolated func mismatch(_ found: String, _ expected: Digest, _ asked: Asked) -> Failure {
        Failure(.digestMismatch, "\(place) answered \(asked.text) with \(found.prefix(100)), not \(expected)")
    }

    private nonisolated func webPage(_ response: HTTPResponse, _ asked: Asked) -> Failure {
        Failure(
            .malformed, "\(place) answered \(asked.text) with a web page (\(response.kind)): is that a registry?",
            advice: "check the name, and that \(endpoint.registry) is not behind a sign-in page")
    }

    /// What the registry itself says of a refusal.
    private static func words(of response: HTTPResponse) -> String {
        struct Answer: Decodable {
            struct Item: Decodable {
                let code: String?
                let message: String?
            }
            let errors: [Item]?
        }
        let answer = try? CanonicalJSON.decode(Answer.self, from: response.body, what: "")
        return answer?.errors?.first.flatMap { $0.message ?? $0.code }.map { ": " + $0.prefix(200) } ?? ""
    }
}

extension HTTPResponse {
    /// The digest that a registry says its content has; `nil` where it does not say.
    var contentDigest: String? { headers["docker-content-digest"].flatMap { $0.isEmpty ? nil : $0 } }
}
