import Files
import SystemPackage

/// What mix puts into a release from `rel/`, templates and overlays: what it sets, and the variables that it reads.
///
/// Other files there are for other tools.
struct ReleaseScripts {
    let root: FilePath

    private static let templates: Set<String> = ["env.sh.eex", "vm.args.eex", "remote.vm.args.eex"]

    /// What of distribution is set by the project's own rel/env.sh.eex: `RELEASE_COOKIE` and the like.
    var settings: [String] {
        let names = ["RELEASE_COOKIE", "RELEASE_NODE", "RELEASE_DISTRIBUTION"]
        let lines = (try? ProjectFile.text(root.appending("rel/env.sh.eex")))?.split(whereSeparator: \.isNewline) ?? []
        let commands = lines.filter { $0.first { !$0.isWhitespace } != "#" }
        return names.filter { name in commands.contains { $0.contains("\(name)=") } }
    }

    /// The variables that these files name as `$NAME` or `${NAME}`, but for those they set themselves.
    var variables: [ProjectVariable] {
        files(in: "rel", depth: 0).flatMap { file -> [ProjectVariable] in
            // A picture has everything in it that looks like a variable.
            guard let text = try? ProjectFile.text(root.appending(file)), !text.utf8.contains(0) else { return [] }
            return ShellVariables(text).reads.map {
                ProjectVariable(
                    name: $0.name, phase: .run, need: $0.need, defaultValue: $0.defaultValue, file: file, line: $0.line)
            }
        }
    }

    private func files(in folder: String, depth: Int, isOverlay: Bool = false) -> [String] {
        guard depth < 8 else { return [] }
        return root.appending(folder).names.flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if root.appending(path).isFolder {
                return files(in: path, depth: depth + 1, isOverlay: isOverlay || name == "overlays")
            }
            return isOverlay && !name.hasSuffix(".bat") || Self.templates.contains(name) ? [path] : []
        }
    }
}

/// The variables that a shell script, or a file with `${NAME}` in it, reads.
struct ShellVariables {
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
