/// A command that is typed to be run once, such as `eval "Shop.Release.migrate"`.
struct OneOffCommand: Sendable, Hashable {
    /// What was typed.
    let text: String
    /// The words of it, with quotes taken away.
    let words: [String]

    /// Takes a text as a shell would split it; `nil` for one without words or with an open quote.
    init?(_ text: String) {
        guard let words = Self.split(text), !words.isEmpty else { return nil }
        self.text = text
        self.words = words
    }

    /// Whether it asks the running node, so that it needs the container that runs.
    var asksNode: Bool { ["rpc", "pid", "remote", "stop", "restart"].contains(words.first ?? "") }

    /// The program in the image and its arguments.
    ///
    /// The release's own commands go to its script; another name without a slash is a script beside it, as `migrate` of
    /// Phoenix is.
    func command(release program: String) -> [String] {
        let first = words.first ?? ""
        if Self.releaseCommands.contains(first) { return [program] + words }
        if first.contains("/") { return words }
        let folder = program.prefix(through: program.lastIndex(of: "/") ?? program.startIndex)
        return [folder + first] + words.dropFirst()
    }

    private static let releaseCommands: Set = ["eval", "rpc", "pid", "version", "stop", "restart", "remote"]

    private static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        return words + (word.map { [$0] } ?? [])
    }
}
