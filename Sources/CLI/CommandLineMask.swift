/// Hides what stands behind the `=` of the command line's words in what the program says of them: it may be a secret.
struct CommandLineMask: Sendable {
    /// The mask of this program's own command line.
    static let own = CommandLineMask(Array(CommandLine.arguments.dropFirst()))

    private struct Word: Sendable {
        /// The last part of what stands before the `=`.
        var name: String
        var value: String
    }

    private static let hidden = "…"
    private let words: [Word]
    /// What was given to options in the same word: the parser repeats it alone where an option takes none.
    private let optionValues: [String]

    init(_ arguments: [String]) {
        let options = arguments.filter { $0.hasPrefix("-") }.compactMap(Self.word)
        // An option's value may be a word of this kind itself, as in --secret=NAME=VALUE.
        let all = arguments.compactMap(Self.word) + options.compactMap { Self.word($0.value) }
        words = all.sorted { $0.value.utf8.count > $1.value.utf8.count }
        optionValues = options.map(\.value)
    }

    /// A text for people without the values that it repeats.
    func masked(_ text: String) -> String {
        let start = optionValues.reduce(text) { $0.replacing("but '\($1)' was", with: "but '\(Self.hidden)' was") }
        return words.reduce(start) { Self.hide($1, in: $0) }
    }

    private static func word(_ text: String) -> Word? {
        guard let equals = text.firstIndex(of: "="), text.index(after: equals) < text.endIndex else { return nil }
        let name = text[..<equals].split { "/:@ ".contains($0) }.last ?? ""
        return Word(name: String(name), value: String(text[text.index(after: equals)...]))
    }

    /// Hides a value behind every `=`, and behind its own name also where the program has changed or cut it.
    private static func hide(_ word: Word, in text: String) -> String {
        var (done, rest) = ("", text[...])
        while let equals = rest.firstIndex(of: "=") {
            let isNamed = ends(done + rest[..<equals], with: word.name)
            done += rest[...equals]
            rest = rest[rest.index(after: equals)...]
            let common = zip(rest, word.value).prefix { $0 == $1 }.count
            let isWhole = common == word.value.count
            guard isWhole || isNamed else { continue }
            done += hidden
            rest = rest.dropFirst(common)
            if !isWhole { rest = rest.drop { !$0.isWhitespace && !"'\"".contains($0) } }
        }
        return done + rest
    }

    /// Whether a text ends with a name that is not the end of a longer one.
    private static func ends(_ text: String, with name: String) -> Bool {
        guard !name.isEmpty, text.hasSuffix(name) else { return false }
        return text.dropLast(name.count).last.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
    }
}
