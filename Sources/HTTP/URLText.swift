import Text

/// The few things that a registry client does with addresses.
package enum URLText {
    /// An address with one more item in its query.
    package static func adding(_ name: String, _ value: String, to url: String) -> String {
        url + (url.contains("?") ? "&" : "?") + query([(name, value)])
    }

    /// Items of a query, or of a form.
    package static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    /// The scheme of an address, in lower case; `nil` where it has none and is a path.
    package static func scheme(of url: String) -> String? {
        guard let end = url.firstRange(of: "://")?.lowerBound else { return nil }
        let scheme = url[..<end]
        let isScheme = scheme.first?.isLetter == true && scheme.allSatisfy { $0.isASCII && !"/?#".contains($0) }
        return isScheme ? scheme.lowercased() : nil
    }

    /// `host[:port]` of an address, in lower case and without the port that goes without saying.
    ///
    /// A user's name in it is left out: this is for people, and for comparing hosts; `origin` tells such addresses apart.
    package static func server(of url: String) -> String {
        let authority = authority(of: url)
        return authority.lastIndex(of: "@").map { String(authority[authority.index(after: $0)...]) } ?? authority
    }

    /// The host of an address alone, without brackets.
    package static func host(of url: String) -> String {
        let server = server(of: url)
        if server.first == "[" { return String(server.dropFirst().prefix { $0 != "]" }) }
        return String(server.prefix { $0 != ":" })
    }

    /// Whether an address is on this machine itself, as docker takes it: `localhost`, 127.0.0.0/8, ::1.
    package static func isLoopback(_ url: String) -> Bool {
        let host = host(of: url)
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// `scheme://host[:port]` of an address, so that equal ones are the same server.
    package static func origin(_ url: String) -> String { "\(scheme(of: url) ?? "")://\(authority(of: url))" }

    /// What stands behind the authority of an address: path, query and all.
    package static func path(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[scheme.upperBound...].drop { !"/?#".contains($0) })
    }

    /// Where a `Location` leads from an address.
    package static func resolve(_ location: String, from url: String) -> String {
        if scheme(of: location) != nil { return location }
        if location.hasPrefix("//") { return url.prefix { $0 != "/" } + location }
        if location.hasPrefix("/") { return origin(url) + location }
        let folder = url.prefix { $0 != "?" }.lastIndex(of: "/").map { url[...$0] } ?? ""
        return folder + location
    }

    private static func authority(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return "" }
        let text = url[scheme.upperBound...].prefix { !"/?#".contains($0) }.lowercased()
        let implied = url[..<scheme.lowerBound].lowercased() == "https" ? ":443" : ":80"
        return text.hasSuffix(implied) ? String(text.dropLast(implied.count)) : text
    }
}
