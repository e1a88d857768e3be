/// A key and what it does, in a word or two.
package struct KeyHint: Hashable, Sendable {
    /// The key as it is shown.
    package let key: String
    /// What it does now.
    package let text: String

    /// A hint.
    package init(key: String, text: String) {
        self.key = key
        self.text = text
    }

    var columns: Int { key.columns + 1 + text.columns }
}
