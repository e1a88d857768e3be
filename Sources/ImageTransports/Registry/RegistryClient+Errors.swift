import OCIImage

extension RegistryClient {
    /// The error that a refusal means (OCI distribution specification, "Error Codes").
    nonisolated func refusal(_ response: HTTPResponse, _ what: String) -> ImageError {
        struct Answer: Decodable {
            struct Item: Decodable {
                let code: String?
                let message: String?
            }
            let errors: [Item]?
        }
        let answer = try? CanonicalJSON.decode(Answer.self, from: response.body, what: "")
        let words = answer?.errors?.first.flatMap { $0.message ?? $0.code }.map { ": " + $0.prefix(200) } ?? ""
        let place = "\(endpoint.registry)/\(endpoint.repository)"
        switch response.status {
        case 401, 403:
            return ImageError(
                .transport, "\(place) refused \(what)\(words)", advice: "log in with docker login \(endpoint.registry)")
        case 404: return ImageError(.notFound, "\(place) has no \(what)\(words)")
        default: return ImageError(.transport, "\(place) answered \(response.status) to \(what)\(words)")
        }
    }
}
