/// A key and what it does, in a word or two.
public struct KeyHint: Hashable, Sendable {
    /// The key as it is shown.
    public let key: String
    /// What it does now.
    public let text: String

    /// A hint.
    public init(key: String, text: String) {
        self.key = key
        self.text = text
    }

    var columns: Int { key.columns + 1 + text.columns }
}
