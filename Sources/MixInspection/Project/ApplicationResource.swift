/// What an application's resource file (`ebin/NAME.app`) says of it.
package struct ApplicationResource: Sendable, Hashable {
    package let name: String
    /// Its version; empty where it has none.
    package let version: String
    /// What it says of itself; empty where it says nothing.
    package let summary: String

    /// Reads the file's text; `nil` for what is no such file.
    package init?(_ text: String) {
        guard let head = text.firstMatch(of: /\{\s*application\s*,\s*'?([A-Za-z0-9_@]+)'?\s*,/) else { return nil }
        name = String(head.1)
        version = text.firstMatch(of: /\{\s*vsn\s*,\s*(?:<<)?"([^"]*)"/).map { String($0.1) } ?? ""
        let words = text.firstMatch(of: /\{\s*description\s*,\s*(?:<<)?"((?:[^"\\]|\\.)*)"/)
        summary = (words?.1 ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
