/// The variables that a shell script, or a file with `${NAME}` in it, reads.
struct ShellVariables {
    /// One place where a variable is read.
    struct Read: Sendable, Hashable {
        var name: String
        var need: ProjectVariable.Need
        var defaultValue: String?
        var line: Int
    }

    /// The reads, in order, without names that the script sets itself, that the release's own script sets, or that every
    /// shell has.
    let reads: [Read]

    private static let usual: Set<String> = [
        "HOME", "PATH", "PWD", "OLDPWD", "USER", "SHELL", "HOSTNAME", "LANG", "TERM", "IFS", "SELF", "SCRIPT",
        "ERTS_DIR",
        "ROOTDIR", "BINDIR", "REL_VSN", "REL_NAME",
    ]

    init(_ text: String) {
        var reads: [Read] = []
        var assigned = Self.usual
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let command = line.drop { $0.isWhitespace }
            if command.hasPrefix("#") { continue }
            // `X=${X:-1}` reads X before it sets it.
            reads += Self.reads(in: command, line: index + 1).filter { !assigned.contains($0.name) }
            for match in command.matches(of: /(?:^|[;\s])([A-Z_][A-Z0-9_]*)=/) { assigned.insert(String(match.1)) }
        }
        self.reads = reads.filter { !$0.name.hasPrefix("RELEASE_") }
    }

    private static func reads(in line: Substring, line number: Int) -> [Read] {
        line.matches(of: /\$(?:\{([A-Z_][A-Z0-9_]*)(?:(:?[-=?+])([^}]*))?\}|([A-Z_][A-Z0-9_]*))/).compactMap { match in
            guard let name = match.1 ?? match.4 else { return nil }
            let sign = match.2?.last
            let need: ProjectVariable.Need =
                switch sign {
                case "-", "=": .default
                case "?": .required
                case "+": .flag
                default: .optional
                }
            let value = need == .default ? match.3.map(String.init) : nil
            return Read(name: String(name), need: need, defaultValue: value, line: number)
        }
    }
}
