/// What `mixpack help` prints, for 80 columns.
struct HelpText {
    private static let width = 80
    /// The widest column of names; a longer name has its text below it.
    private static let nameWidth = 20

    let program: CommandDescription
    /// Whether everything is shown, or only what most days need.
    var isWhole = false

    /// The commands, on one screen of 24 rows; `isWhole` adds the exit codes and the console's options.
    var overview: String {
        var parts = [
            Self.wrapped(program.abstract ?? ""),
            """
            Usage: mixpack [<dir>] [<options>]     open the console on a project
                   mixpack <command> [<options>]
            """,
            Self.table("Commands:", program.commands.map { ($0.commandName, $0.abstract ?? "") }),
        ]
        if isWhole {
            parts += (program["console"].map { options($0) } ?? []) + [Self.wrapped(program.discussion ?? "")]
        } else {
            parts.append(
                """
                mixpack help <command> explains a command; mixpack help --all lists the options
                of the console, and the exit codes; mixpack --version prints the version.
                """)
        }
        return parts.joined(separator: "\n\n")
    }

    /// One command.
    /// - Parameters:
    ///   - names: the command's name, and those of the commands that it is in.
    ///   - daily: the long names of the options that a short help shows; `nil` shows all.
    func text(_ command: CommandDescription, _ names: [String], daily: Set<String>?) -> String {
        let name = (["mixpack"] + names).joined(separator: " ")
        let words = command.positionals.map { $0.isOptional ? "[\($0.value)]" : $0.value }
        let last = command.commands.isEmpty ? "[<options>]" : "<command>"
        var parts = [
            Self.wrapped(command.abstract ?? ""), "Usage: " + ([name] + words + [last]).joined(separator: " "),
        ]
        let arguments = command.positionals.map { ($0.value, $0.text) }
        if !arguments.isEmpty { parts.append(Self.table("Arguments:", arguments)) }
        if !command.commands.isEmpty {
            parts.append(Self.table("Commands:", command.commands.map { ($0.commandName, $0.abstract ?? "") }))
        }
        if let daily, !isWhole {
            let all = command.sections.flatMap(\.options)
            parts.append(Self.table("Options:", all.filter { daily.contains($0.plainName) }.map(Self.row)))
            parts.append("\(name) --help-all lists all \(all.count) options.")
        } else {
            parts += options(command, first: daily ?? [])
            if let discussion = command.discussion { parts.append(Self.wrapped(discussion)) }
        }
        return parts.joined(separator: "\n\n")
    }

    /// The options by their sections, those of most days before all others.
    private func options(_ command: CommandDescription, first daily: Set<String> = []) -> [String] {
        let isDaily = { (option: CommandDescription.Argument) in daily.contains(option.plainName) }
        let first = ("Options of most days", command.sections.flatMap(\.options).filter(isDaily))
        let others = command.sections.map { ($0.title, $0.options.filter { !isDaily($0) }) }
        return ([first] + others).filter { !$0.1.isEmpty }.map { Self.table("\($0.0):", $0.1.map(Self.row)) }
    }

    private static func row(_ option: CommandDescription.Argument) -> (String, String) {
        let names = option.spellings.joined(separator: ", ")
        return (option.value.isEmpty ? names : "\(names) \(option.value)", option.text)
    }

    /// A heading, and a line or more for each row: a name, and its text beside it.
    private static func table(_ heading: String, _ rows: [(name: String, text: String)]) -> String {
        let fitting = rows.map(\.name.count).filter { $0 <= nameWidth }
        let column = (fitting.max() ?? 0) + 4
        let indent = String(repeating: " ", count: column)
        let lines = rows.map { row in
            let text = wrapped(row.text, to: width - column).split(separator: "\n").joined(separator: "\n" + indent)
            let name = "  \(row.name)"
            return row.name.count > nameWidth ? "\(name)\n\(indent)\(text)" : name.padding(to: column) + text
        }
        return ([heading] + lines).joined(separator: "\n")
    }

    /// The text in lines of at most so many characters; its own line ends stay.
    static func wrapped(_ text: String, to width: Int = width) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
            var (lines, line) = ([String](), "")
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > width {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            return (lines + [line]).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
