import HTTP

extension HTTPResponse {
    /// The digest that a registry says its content has; `nil` where it does not say.
    var contentDigest: String? { headers["docker-content-digest"].flatMap { $0.isEmpty ? nil : $0 } }
}
