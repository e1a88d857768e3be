import ArgumentParser
import Diagnostics
import Text

/// A command line that asks for help: `mixpack help [COMMAND…]`, or `--help`, `-h` or `--help-all` among other words.
struct HelpRequest {
    private static let short: Set = ["-h", "--help"]
    private static let whole: Set = ["--help-all", "--help-hidden"]

    /// The command by its names; empty for the program itself.
    private let names: [String]
    private let isWhole: Bool

    /// - Throws: `Failure` of code `usage` for a word that names no command.
    init?(_ words: [String]) throws(Failure) {
        // What follows `--` belongs to the command of mixpack shell; completions send the words that they complete.
        let words = Array(words.prefix { $0 != "--" })
        guard let first = words.first, first != "---completion" else { return nil }
        if first == "help" {
            let wanted = words.dropFirst()
            isWhole = wanted.contains { Self.whole.contains($0) || $0 == "--all" }
            names = wanted.filter { !$0.hasPrefix("-") && $0 != "help" }
            try Self.check(names)
        } else {
            isWhole = words.contains(where: Self.whole.contains)
            guard isWhole || words.contains(where: Self.short.contains) || Self.isGroup(words) else { return nil }
            try NearestCommand.check(first: first)
            names = Self.commands(in: words)
        }
    }

    /// The text that answers it.
    func text() throws -> String {
        let program = try CommandDescription.program()
        let help = HelpText(program: program, isWhole: isWhole)
        var description = program
        for name in names { description = description[name] ?? description }
        guard !names.isEmpty, let command = Self.command(names) else { return help.overview }
        return help.text(description, names, daily: (command as? any HasDailyOptions.Type)?.dailyOptions)
    }

    /// The words at the start that name a command, and the command in it.
    private static func commands(in words: [String]) -> [String] {
        var names: [String] = []
        for word in words {
            guard command(names + [word]) != nil else { break }
            names.append(word)
        }
        return names
    }

    private static func command(_ names: [String]) -> (any ParsableCommand.Type)? {
        var command: (any ParsableCommand.Type)? = Mixpack.self
        for name in names {
            command = command?.configuration.subcommands.first { $0.configuration.commandName == name }
        }
        return command
    }

    /// Whether the words name a command that does nothing by itself.
    private static func isGroup(_ names: [String]) -> Bool {
        command(names).map { !$0.configuration.subcommands.isEmpty && $0.configuration.defaultSubcommand == nil }
            ?? false
    }

    private static func check(_ names: [String]) throws(Failure) {
        for index in names.indices where command(Array(names[...index])) == nil {
            let inside = command(Array(names[..<index]))?.configuration.subcommands ?? []
            let nearest = NearestWord.find(names[index], in: inside.compactMap { $0.configuration.commandName })
            let parents = names[..<index].map { "\($0) " }.joined()
            throw Failure(
                .usage, "help \(names.joined(separator: " ")): there is no such command",
                advice: nearest.map { "did you mean mixpack help \(parents)\($0)?" }
                    ?? "mixpack help lists the commands")
        }
    }
}

/// A command with so many options that its help shows only some of them.
protocol HasDailyOptions: ParsableCommand {
    /// The long names of those that help shows; `--help-all` shows all.
    static var dailyOptions: Set<String> { get }
}
