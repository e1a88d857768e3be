/// A terminal that is written to line by line and asked line by line: nothing moves, nothing is drawn over.
package struct LinearTerminal: Sendable {
    /// Writes a line.
    package var say: @Sendable (String) -> Void
    /// Writes a question and reads the answer; `nil` at the end of the input.
    package var ask: @Sendable (_ question: String) async -> String?
    /// The same without showing what is typed.
    package var askSecretly: @Sendable (_ question: String) async -> SecretValue?

    package init(
        say: @escaping @Sendable (String) -> Void, ask: @escaping @Sendable (String) async -> String?,
        askSecretly: @escaping @Sendable (String) async -> SecretValue?
    ) {
        self.say = say
        self.ask = ask
        self.askSecretly = askSecretly
    }
}

extension LinearTerminal {
    /// The user has no more to say: the input has ended, or 0 was the answer.
    struct Left: Error {}

    func sayLines(_ lines: [String]) { lines.forEach(say) }

    /// Asks for a text; an empty answer takes the default.
    func text(_ question: String, default value: String = "") async throws(Left) -> String {
        let hint = value.isEmpty ? "" : " [\(value)]"
        guard let answer = await ask("\(question)\(hint): ") else { throw Left() }
        let trimmed = String(
            String(answer.drop(while: \.isWhitespace).reversed()).drop(while: \.isWhitespace).reversed())
        return trimmed.isEmpty ? value : trimmed
    }

    /// Asks until the answer is yes or no.
    func confirm(_ question: String, default value: Bool) async throws(Left) -> Bool {
        while true {
            switch try await text("\(question), y or n", default: value ? "y" : "n").lowercased() {
            case "y", "yes": return true
            case "n", "no": return false
            case let other: say("\(other) is neither y nor n")
            }
        }
    }

    /// Shows numbered choices and asks for one by its number or by how it begins, until the answer is one of them; gives its
    /// index.
    func choose(_ title: String, _ choices: [String], default index: Int = 0) async throws(Left) -> Int {
        say(title)
        for (number, choice) in choices.enumerated() { say("  \(number + 1). \(choice)") }
        while true {
            let answer = try await text("Number", default: "\(index + 1)")
            if let number = Int(answer), choices.indices.contains(number - 1) { return number - 1 }
            if answer == "0" || answer.lowercased() == "q" { throw Left() }
            if let chosen = Self.index(of: answer, in: choices) { return chosen }
            let word = Int(answer) == nil ? ", and not how one choice begins" : ""
            say("\(answer) is not a number from 1 to \(choices.count)\(word); 0 leaves")
        }
    }

    /// The one choice that begins with a text; a whole first word counts before a part of one.
    private static func index(of text: String, in choices: [String]) -> Int? {
        let text = text.lowercased()
        let found = choices.indices.filter { choices[$0].lowercased().hasPrefix(text) }
        let whole = found.filter { choices[$0].dropFirst(text.count).first?.isLetter != true }
        return whole.count == 1 ? whole.first : found.count == 1 ? found.first : nil
    }
}
