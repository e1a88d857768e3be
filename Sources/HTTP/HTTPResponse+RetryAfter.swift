internal import CCurl

extension HTTPResponse {
    /// The seconds after which the server wants to be asked again (RFC 9110, 10.2.3); `nil` where it does not say.
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
