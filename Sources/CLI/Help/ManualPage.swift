/// The manual page mixpack(1), made from the commands; `mixpack --generate-manual` prints it.
struct ManualPage {
    let program: CommandDescription
    let version: String

    /// The page, in the language of man(7).
    var text: String {
        var lines = [
            ".TH MIXPACK 1 \"\" \"mixpack \(version)\" \"User Commands\"",
            ".SH NAME", "mixpack \\- \(Self.escaped(Self.lowerCased(program.abstract ?? "")))",
            ".SH SYNOPSIS", ".B mixpack", "[\\fIdir\\fR] [\\fIoptions\\fR]", ".br", ".B mixpack",
            "\\fIcommand\\fR [\\fIoptions\\fR]",
            ".SH DESCRIPTION", Self.escaped(Self.description), ".SH COMMANDS",
        ]
        for command in program.commands { lines += Self.lines(command, ["mixpack"]) }
        lines += [".SH EXIT STATUS"] + Self.paragraphs(program.discussion) + Self.closing
        return lines.joined(separator: "\n") + "\n"
    }

    private static let description = """
        mixpack turns an Elixir mix project into an OCI image on this machine. mixpack without a command opens the console on \
        the project in a folder, by default the current one; it takes the options of mixpack build. mixpack build builds at \
        once, and prints plain lines if there is no terminal. mixpack doctor says what builds need that this machine lacks.
        """

    private static let closing = [
        ".SH FILES",
        ".TP", "\\fI$XDG_CONFIG_HOME/mixpack/config.toml\\fR", "Settings for all projects.",
        ".TP", "\\fI$XDG_CONFIG_HOME/mixpack/themes\\fR", "Themes of the console.",
        ".TP", "\\fI$XDG_DATA_HOME/mixpack/images\\fR", "The image store.",
        ".TP", "\\fI$XDG_CACHE_HOME/mixpack\\fR", "Caches and logs of the projects. They may be deleted at any time.",
        ".TP", "\\fIproject.toml\\fR", "What a project says about its build.",
        ".SH SEE ALSO", ".BR docker (1),", ".BR podman (1),", ".BR bwrap (1)",
    ]

    private static func lines(_ command: CommandDescription, _ parents: [String]) -> [String] {
        let names = parents + [command.commandName]
        let arguments = command.positionals.map { argument in
            argument.isOptional ? "[\\fI\(escaped(argument.name))\\fR]" : "\\fI\(escaped(argument.name))\\fR"
        }
        var lines = [".SS \(escaped(names.joined(separator: " "))) \(arguments.joined(separator: " "))"]
        lines += [escaped(command.abstract ?? "")]
        if let discussion = command.discussion { lines += [".PP"] + paragraphs(discussion) }
        lines += command.positionals.flatMap { [".TP", "\\fI\(escaped($0.name))\\fR", escaped($0.text)] }
        lines += command.sections.flatMap(\.options).filter { $0.plainName != "version" }.flatMap(Self.lines)
        return lines + command.commands.flatMap { Self.lines($0, names) }
    }

    private static func lines(_ option: CommandDescription.Argument) -> [String] {
        let names = option.spellings.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
        let value = option.valueName.map { " \\fI\(escaped($0))\\fR" } ?? ""
        return [".TP", names + (option.kind == .option ? value : ""), escaped(option.text)]
    }

    private static func paragraphs(_ text: String?) -> [String] { text.map { [escaped($0)] } ?? [] }

    private static func lowerCased(_ text: String) -> String {
        (text.first.map { $0.lowercased() } ?? "") + text.dropFirst().trimmingSuffix(".")
    }

    /// The text as roff takes it: no character of it commands.
    private static func escaped(_ text: String) -> String {
        let lines = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("…", with: "...")
            .split(separator: "\n", omittingEmptySubsequences: true)
        return lines.map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)" : String($0) }.joined(separator: "\n")
    }
}

extension CommandDescription.Argument {
    fileprivate var name: String { (valueName ?? "") + (isRepeating ? "..." : "") }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring {
        hasSuffix(suffix) ? dropLast(suffix.count) : self
    }
}
