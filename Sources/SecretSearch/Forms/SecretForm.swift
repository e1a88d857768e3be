/// The ways in which a value is written into files and output.
package enum SecretForm: String, Sendable, Hashable, Codable, CaseIterable {
    /// The value itself.
    case plain
    /// The value as it stands between quotes, with backslashes.
    case quoted
    /// One long line of a value of several lines.
    case line
    /// Base64, at any of its three alignments, with either alphabet.
    case base64
    /// Percent-encoded.
    case urlEncoded = "url-encoded"
    case hexadecimal
    /// A list of decimal bytes, as Erlang writes binaries into sys.config.
    case decimal

    /// The form in words, for the end of "the value is in FILE, ...".
    package var words: String {
        switch self {
        case .plain: "as it is"
        case .quoted: "between quotes"
        case .line: "one of its lines"
        case .base64: "in base64"
        case .urlEncoded: "URL-encoded"
        case .hexadecimal: "in hexadecimal"
        case .decimal: "as a list of decimal bytes"
        }
    }
}
