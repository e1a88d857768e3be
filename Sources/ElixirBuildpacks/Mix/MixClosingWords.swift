/// Takes the words with which mix release closes out of its output.
///
/// They tell how to start the release at the place where it was assembled. In an image it stands elsewhere and starts
/// otherwise.
struct MixClosingWords {
    private var hasBegun = false

    /// The text without them; all output after their first line belongs to them.
    mutating func removed(from text: String) -> String {
        if hasBegun { return "" }
        guard let start = text.firstRange(of: "Release created at ") else { return text }
        hasBegun = true
        return String(text[..<start.lowerBound].trimmingSuffixNewlines())
    }
}

extension Substring {
    /// The text with one newline at its end, where there is any text.
    fileprivate func trimmingSuffixNewlines() -> String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text.isEmpty ? "" : text + "\n"
    }
}
