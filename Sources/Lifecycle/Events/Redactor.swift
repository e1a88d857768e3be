/// Masks secret values in text before anyone sees it.
///
/// A value is masked wherever it stands, plain, URL-encoded or in base64. Values under six bytes would mask ordinary
/// words, so they are masked as whole arguments of commands only.
public struct Redactor: Sendable {
    private let forms: [(text: String, mask: String)]
    private let shortValues: [String: String]

    /// What stands in a secret's place.
    public static func mask(_ name: String) -> String { "[\(name)]" }

    /// Creates a redactor for these secrets, by name.
    public init(secrets: [String: String]) {
        var forms: [(text: String, mask: String)] = []
        var shortValues: [String: String] = [:]
        for (name, value) in secrets.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
            guard value.utf8.count >= Self.shortest else {
                shortValues[value] = Self.mask(name)
                continue
            }
            for form in Self.forms(of: value) { forms.append((form, Self.mask(name))) }
        }
        // Longer first: a secret that contains another must be masked whole.
        self.forms = forms.sorted { $0.text.utf8.count > $1.text.utf8.count }
        self.shortValues = shortValues
    }

    /// The text with every secret masked.
    public func redact(_ text: String) -> String {
        var result = text
        for form in forms where result.utf8Contains(form.text) {
            result = result.split(separator: form.text, omittingEmptySubsequences: false).joined(separator: form.mask)
        }
        return result
    }

    /// A command's text with every secret masked, short ones too where they are whole words.
    public func redactCommand(_ text: String) -> String {
        let masked = redact(text)
        guard !shortValues.isEmpty else { return masked }
        return masked.split(separator: " ", omittingEmptySubsequences: false)
            .map { shortValues[String($0)] ?? String($0) }
            .joined(separator: " ")
    }

    private static let shortest = 6

    private static func forms(of value: String) -> [String] {
        let lines = value.split(whereSeparator: \.isNewline).map(String.init).filter { $0.utf8.count >= shortest }
        let encoded = Base64Text.encode(value)
        let urlEncoded = PercentEncoding.encode(value)
        let decimal = value.utf8.map(String.init).joined(separator: ",")
        var seen: Set<String> = []
        return ([value] + lines + [encoded, encoded.base64URL, urlEncoded, decimal])
            .filter { $0.utf8.count >= shortest && seen.insert($0).inserted }
    }
}

extension String {
    /// Whether the bytes of `needle` occur here; faster than comparing characters.
    fileprivate func utf8Contains(_ needle: String) -> Bool {
        var haystack = self
        var needle = needle
        return haystack.withUTF8 { hay in
            needle.withUTF8 { pin in hay.containsBytes(pin) }
        }
    }

    fileprivate var base64URL: String {
        String(map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}
