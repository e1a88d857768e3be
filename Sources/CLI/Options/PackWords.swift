import Diagnostics
import Files
import OptionWords
import SystemPackage

/// A command line with pack's flags in mixpack's words (`PackFlag`).
///
/// The parser knows mixpack's own options. What only pack has is taken out before, with a line that says why it is not
/// needed, or refused with what to do instead.
struct PackWords {
    /// The words for the parser.
    private(set) var words: [String]
    /// What there is to say of flags that do nothing here.
    private(set) var notices: [String] = []

    /// - Throws: `Failure` of code `usage` for a flag that mixpack has no use for.
    init(_ typed: [String]) throws(Failure) {
        let given = Self.newer(typed)
        guard let command = Self.command(in: given) else {
            words = given
            return
        }
        words = command.words
        var rest = given.dropFirst(words.count)
        while let word = rest.popFirst() {
            guard word != "--" else {
                words += [word] + rest
                return
            }
            guard !addSwitches(word, command, &rest) else { continue }
            guard let found = Found(word, command) else {
                words.append(word)
                continue
            }
            try take(found, &rest)
        }
    }

    /// The command line with the newer words for a command that pack once had another for.
    private static func newer(_ words: [String]) -> [String] {
        guard let first = words.first,
            let command = PackFlag.Command.allCases.first(where: { $0.olderWord == first })
        else { return words }
        return command.words + words.dropFirst()
    }

    private static func command(in words: [String]) -> PackFlag.Command? {
        PackFlag.Command.allCases.first { words.starts(with: $0.words) }
    }

    /// A flag as it was typed.
    private struct Found {
        let flag: PackFlag
        /// `--env` or `-e`.
        let spelling: String
        /// The value in the same word.
        let value: String?

        init?(_ word: String, _ command: PackFlag.Command) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if word.hasPrefix("--") {
                guard let flag = PackFlag.find(String(parts[0].dropFirst(2)), in: command) else { return nil }
                (self.flag, spelling, value) = (flag, parts[0], parts.count == 2 ? parts[1] : nil)
                return
            }
            guard word.hasPrefix("-"), let letter = word.dropFirst().first,
                let flag = PackFlag.find(String(letter), in: command)
            else { return nil }
            let rest = word.dropFirst(2)
            guard rest.isEmpty || rest.hasPrefix("=") || flag.value != .none else { return nil }
            let value = rest.hasPrefix("=") ? rest.dropFirst() : rest
            (self.flag, spelling, self.value) = (flag, "-\(letter)", rest.isEmpty ? nil : String(value))
        }
    }

    /// Takes `-qv` apart, if it is one.
    private func addSwitches(_ word: String, _ command: PackFlag.Command, _ rest: inout ArraySlice<String>) -> Bool {
        guard word.hasPrefix("-"), !word.hasPrefix("--"), word.count > 2, !word.contains("=") else { return false }
        let flags = word.dropFirst().map { PackFlag.find(String($0), in: command) }
        guard flags.allSatisfy({ $0?.value == PackFlag.Value.none }) else { return false }
        rest = word.dropFirst().map { "-\($0)" } + rest
        return true
    }

    private mutating func take(_ found: Found, _ rest: inout ArraySlice<String>) throws(Failure) {
        let flag = found.flag
        var value = found.value
        if flag.value == .none {
            guard try Self.isOn(found) else { return }
        } else if value == nil, let next = rest.first, !next.hasPrefix("-") {
            value = rest.popFirst()
        }
        switch flag.meaning(of: value) {
        case .works(let option) where flag.value == .none || flag.byValue[value ?? ""] != nil:
            words.append("--\(option)")
        case .works(let option): words += Self.words(option, flag, value)
        case .needless(let reason): say("\(found.spelling) is not needed: \(reason)")
        case .refused(let advice):
            throw Failure(.usage, "mixpack does not have pack's \(found.spelling)", advice: advice)
        }
    }

    private mutating func say(_ notice: String) {
        if !notices.contains(notice) { notices.append(notice) }
    }

    /// Whether a flag without a value is given; pack takes `=false` too.
    private static func isOn(_ found: Found) throws(Failure) -> Bool {
        switch found.value?.lowercased() {
        case nil, "true", "1", "t": return true
        case "false", "0", "f": return false
        case .some:
            throw Failure(
                .usage, "\(found.spelling) takes true or false",
                advice: "give \(found.spelling) alone, or leave it out")
        }
    }

    /// An option with its value, or with each of a list; a path with a comma in it is one value.
    private static func words(_ option: String, _ flag: PackFlag, _ value: String?) -> [String] {
        guard let value else { return ["--\(option)"] }
        guard flag.value == .list, value.contains(","), !FilePath(value).exists else {
            // A value of its own word may be empty.
            return value.isEmpty ? ["--\(option)", value] : ["--\(option)=\(value)"]
        }
        return value.split(separator: ",").map { "--\(option)=\($0)" }
    }
}
