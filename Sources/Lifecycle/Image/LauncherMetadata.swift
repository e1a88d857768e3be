import BuildpackAPI

/// `/layers/config/metadata.toml`: what the launcher reads (CNB Platform specification, "metadata.toml").
struct LauncherMetadata {
    let group: [BuildpackDescriptor]
    let processes: [(process: ProcessType, buildpack: String)]
    let defaultProcess: String?

    /// The file's text; the same values always give the same text.
    var text: String {
        let header = defaultProcess.map { "buildpack-default-process-type = \(Self.quoted($0))\n" } ?? ""
        return header + (group.map(table) + processes.map(table)).map { "\n" + $0 }.joined()
    }

    private func table(of buildpack: BuildpackDescriptor) -> String {
        """
        [[buildpacks]]
        id = \(Self.quoted(buildpack.id))
        version = \(Self.quoted(buildpack.version))
        api = \(Self.quoted(buildpack.api))

        """ + (buildpack.homepage.map { "homepage = \(Self.quoted($0))\n" } ?? "")
    }

    private func table(of entry: (process: ProcessType, buildpack: String)) -> String {
        """
        [[processes]]
        type = \(Self.quoted(entry.process.type))
        command = \(Self.list(entry.process.command))
        args = \(Self.list(entry.process.arguments))
        direct = \(entry.process.isDirect)
        buildpack-id = \(Self.quoted(entry.buildpack))

        """ + (entry.process.workingDirectory.map { "working-dir = \(Self.quoted($0))\n" } ?? "")
    }

    private static func list(_ words: [String]) -> String { "[" + words.map(quoted).joined(separator: ", ") + "]" }

    /// A TOML basic string.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where scalar.value < 0x20: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
