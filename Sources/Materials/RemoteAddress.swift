/// Where something is on another machine, without what logs in there.
package struct RemoteAddress: Sendable, Hashable {
    package let scheme: String
    /// The server, in lower case, with a port if one is given.
    package let host: String
    /// The path without a slash in front.
    package let path: String

    private static let schemes: Set = ["https", "http", "ssh", "git"]

    /// Reads a URL or the short form of ssh, `git@host:path`; `nil` for a path of this machine.
    package init?(_ text: String) {
        let text = text.hasPrefix("git+") ? String(text.dropFirst(4)) : text
        let rest: Substring
        if let colon = text.range(of: "://") {
            scheme = text[..<colon.lowerBound].lowercased()
            guard Self.schemes.contains(scheme) else { return nil }
            rest = text[colon.upperBound...]
        } else {
            guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/"), !text.hasPrefix("/") else {
                return nil
            }
            scheme = "ssh"
            rest = text[..<colon] + "/" + text[text.index(after: colon)...]
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = parts.first?.split(separator: "@").last, !place.isEmpty else { return nil }
        host = place.lowercased()
        let path = parts.count > 1 ? parts[1].prefix { $0 != "?" && $0 != "#" } : ""
        self.path = String(path.drop { $0 == "/" })
    }

    /// The address as a URL.
    package var text: String { "\(scheme)://\(host)" + (path.isEmpty ? "" : "/" + path) }
}

extension String {
    /// Where a text is first found.
    fileprivate func range(of other: String) -> Range<String.Index>? { ranges(of: other).first }
}
