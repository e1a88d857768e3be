import Files
import SystemPackage

/// The templates in `rel/`: what they set, and the variables that they read.
struct ReleaseScripts {
    let root: FilePath

    /// What of distribution is set by the project's own rel/env.sh.eex: `RELEASE_COOKIE` and the like.
    var settings: [String] {
        let names = ["RELEASE_COOKIE", "RELEASE_NODE", "RELEASE_DISTRIBUTION"]
        let lines = (try? ProjectFile.text(root.appending("rel/env.sh.eex")))?.split(whereSeparator: \.isNewline) ?? []
        let commands = lines.filter { $0.first { !$0.isWhitespace } != "#" }
        return names.filter { name in commands.contains { $0.contains("\(name)=") } }
    }

    /// The variables that files below `rel/` name as `$NAME` or `${NAME}`, but for those they set themselves.
    var variables: [ProjectVariable] {
        files(in: "rel", depth: 0).flatMap { file -> [ProjectVariable] in
            guard let text = try? ProjectFile.text(root.appending(file)) else { return [] }
            return ShellVariables(text).reads.map {
                ProjectVariable(
                    name: $0.name, phase: .run, need: $0.need, defaultValue: $0.defaultValue, file: file, line: $0.line)
            }
        }
    }

    private func files(in folder: String, depth: Int) -> [String] {
        guard depth < 8 else { return [] }
        return root.appending(folder).names.flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if root.appending(path).isFolder { return files(in: path, depth: depth + 1) }
            return name.hasSuffix(".bat") || name.hasSuffix(".bat.eex") ? [] : [path]
        }
    }
}
