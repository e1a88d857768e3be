import Diagnostics
import FoundationEssentials
import Text

/// Finds the command that a mistyped word comes closest to.
enum NearestCommand {
    /// Refuses a first word that is neither a command nor a path but is followed by more: the parser would name only that.
    static func check(_ words: [String]) throws(Failure) {
        guard words.count > 1, let first = words.first, !words[1].hasPrefix("-") else { return }
        try check(first: first)
    }

    /// Refuses a first word that is neither an option nor a command nor a path.
    static func check(first: String) throws(Failure) {
        guard !first.hasPrefix("-"), !names.contains(first), !FileManager.default.fileExists(atPath: first) else {
            return
        }
        throw Failure(.usage, "\(first) is neither a folder nor a command", advice: advice(for: first))
    }

    /// What to try instead of a word.
    static func advice(for word: String) -> String {
        guard let nearest = NearestWord.find(word, in: names) else { return "mixpack help lists the commands" }
        return "did you mean mixpack \(nearest)?"
    }

    private static var names: [String] {
        Mixpack.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    }
}
