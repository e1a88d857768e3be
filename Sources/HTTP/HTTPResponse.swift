internal import CCurl

/// The answer to a request.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// The headers, with names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    package var isSuccess: Bool { (200..<300).contains(status) }
    package var text: String { String(decoding: body, as: UTF8.self) }

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

    /// The seconds after which the server wants to be asked again
    /// ([RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)); `nil` where it does not say.
    ///
    /// A date counts from the server's own clock.
    package var retryAfter: Double? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
        guard let then = Self.time(text), let now = headers["date"].flatMap(Self.time) else { return nil }
        return Double(max(0, then - now))
    }

    private static func time(_ text: String) -> Int? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int(seconds)
    }
}
