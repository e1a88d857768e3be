/// Flags that may also have a value, written `--flag=value`.
///
/// The parser knows flags, and options that always have a value; with an optional one it would take the next word, which
/// is an image's name. So a value goes to a hidden option beside the flag.
enum OptionalValues {
    private static let hiddenOptions = ["--try-start": "--try-start-kind"]

    /// The words for the parser; what follows `--` stays as it is.
    static func expanded(_ words: [String]) -> [String] {
        let end = words.firstIndex(of: "--") ?? words.endIndex
        return words[..<end].flatMap(expandedWord) + words[end...]
    }

    private static func expandedWord(_ word: String) -> [String] {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let option = hiddenOptions[parts[0]] else { return [word] }
        return parts[1].isEmpty ? [option, ""] : [option + "=" + parts[1]]
    }
}
