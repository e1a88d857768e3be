/// What a server says it takes, in a `WWW-Authenticate` header (RFC 9110, 11.6.1).
enum Challenge: Sendable, Hashable {
    case basic
    case bearer(realm: String, service: String?, scope: String?)

    /// Reads a header; `nil` for what is neither basic nor bearer.
    init?(_ header: String) {
        let scheme = header.prefix { $0 != " " }
        switch scheme.lowercased() {
        case "basic": self = .basic
        case "bearer":
            let values = Self.parameters(header.dropFirst(scheme.count))
            guard let realm = values["realm"] else { return nil }
            self = .bearer(realm: realm, service: values["service"], scope: values["scope"])
        default: return nil
        }
    }

    /// `name="value", name=value`, where a quoted value may have commas.
    private static func parameters(_ text: Substring) -> [String: String] {
        var values: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            guard let equals = rest.firstIndex(of: "=") else { return values }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let value = rest.prefix { $0 != "\"" }
                values[name] = String(value)
                rest = rest.dropFirst(value.count + 1)
            } else {
                let value = rest.prefix { $0 != "," }
                values[name] = String(value)
                rest = rest.dropFirst(value.count)
            }
        }
    }
}
