import ArgumentParser
import FoundationEssentials

/// A command with its arguments and options, as the parser describes it: what help and manual are made from.
struct CommandDescription: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var subcommands: [CommandDescription]?
    var arguments: [Argument]?

    /// An argument, an option or a flag.
    struct Argument: Decodable {
        enum Kind: String, Decodable { case positional, option, flag }

        struct Name: Decodable {
            enum Kind: String, Decodable { case long, short, longWithSingleDash }
            var kind: Kind
            var name: String
        }

        var kind: Kind
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var sectionTitle: String?
        var defaultValue: String?
        var allValues: [String]?
        var isOptional: Bool
        var isRepeating: Bool
    }

    private struct Root: Decodable { var command: CommandDescription }

    /// The program's, with all commands in it.
    static func program() throws -> CommandDescription {
        let text = Mixpack._dumpHelp()
        return try JSONDecoder().decode(Root.self, from: Data(text.utf8)).command
    }

    /// The commands in it that people see, without the parser's own `help`.
    var commands: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    /// The command in it by its name, also one that help does not list.
    subscript(name: String) -> CommandDescription? {
        subcommands?.first { $0.commandName == name && name != "help" }
    }

    /// The arguments in their order.
    var positionals: [Argument] { (arguments ?? []).filter { $0.kind == .positional } }

    /// The options by their sections, in their order; those of no section come first.
    var sections: [(title: String, options: [Argument])] {
        let options = (arguments ?? []).filter { $0.kind != .positional }
        var titles: [String] = []
        for title in options.compactMap(\.sectionTitle) where !titles.contains(title) { titles.append(title) }
        let named = titles.map { title in (title, options.filter { $0.sectionTitle == title }) }
        return [("Options", options.filter { $0.sectionTitle == nil })] + named
    }
}

extension CommandDescription.Argument {
    /// The long name without dashes; that of an argument is its value's.
    var plainName: String { names?.last { $0.kind != .short }?.name ?? names?.first?.name ?? valueName ?? "" }

    /// The names with their dashes, the short one first.
    var spellings: [String] {
        let short = (names ?? []).filter { $0.kind == .short }.map { "-\($0.name)" }
        return short
            + (names ?? []).compactMap { name in
                switch name.kind {
                case .long: "--\(name.name)"
                case .longWithSingleDash: "-\(name.name)"
                case .short: nil
                }
            }
    }

    /// The value as help writes it; empty for a flag.
    var value: String {
        switch kind {
        case .flag: ""
        case .option, .positional: "<\(valueName ?? "value")>" + (isRepeating && kind == .positional ? " …" : "")
        }
    }

    /// What it does, with the values that it takes where the text does not name them.
    var text: String {
        let start = abstract ?? ""
        guard let values = allValues, !values.allSatisfy(start.contains) else { return start }
        return start + " (\(values.joined(separator: ", ")))"
    }
}
