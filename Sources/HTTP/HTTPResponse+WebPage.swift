extension HTTPResponse {
    /// Whether this is a page for people, as any web server gives for any address, and no answer of a registry.
    ///
    /// Only of status 200: some registries leave a framework's `text/html` on answers of 201 and 202 that have no body.
    package var isWebPage: Bool {
        guard status == 200 else { return false }
        let start = body.first { !" \t\r\n".utf8.contains($0) }
        return ["text/html", "application/xhtml+xml"].contains(mediaType) || start == UInt8(ascii: "<")
    }

    /// The status and the media type, for people: `200 text/html`.
    package var kind: String { mediaType.isEmpty ? "\(status)" : "\(status) \(mediaType)" }

    private var mediaType: String {
        let text = headers["content-type"] ?? ""
        return text.prefix { $0 != ";" && $0 != " " }.lowercased()
    }
}
