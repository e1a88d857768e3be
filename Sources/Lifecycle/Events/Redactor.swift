import SecretSearch

/// Masks secret values in text before anyone sees it.
///
/// A value is masked wherever it stands, in every form that `SecretForm` names. Values under six bytes would mask ordinary
/// words, so they are masked as whole arguments of commands only.
package struct Redactor: Sendable {
    private let masking: SecretMasking
    private let shortValues: [String: String]

    /// What stands in a secret's place.
    package static func mask(_ name: String) -> String { "[\(name)]" }

    /// Creates a redactor for these secrets, by name.
    package init(secrets: [String: String]) {
        masking = SecretMasking(secrets: secrets, mask: Self.mask)
        let short = secrets.filter { !$0.value.isEmpty && $0.value.utf8.count < SecretForms.shortestValue }
        shortValues = Dictionary(short.map { ($0.value, Self.mask($0.key)) }, uniquingKeysWith: { min($0, $1) })
    }

    /// The text with every secret masked.
    package func redact(_ text: String) -> String { masking.masked(text) }

    /// A command's text with every secret masked, short ones too where they are whole words.
    package func redactCommand(_ text: String) -> String {
        let masked = redact(text)
        guard !shortValues.isEmpty else { return masked }
        return masked.split(separator: " ", omittingEmptySubsequences: false)
            .map { shortValues[String($0)] ?? String($0) }
            .joined(separator: " ")
    }

    /// Bytes of a text file, such as JSON, with every secret masked.
    func redact(_ bytes: [UInt8]) -> [UInt8] { Array(redact(String(decoding: bytes, as: UTF8.self)).utf8) }
}
