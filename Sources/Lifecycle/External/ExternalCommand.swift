import Commands
import SystemPackage

/// A buildpack's program, started by a shell that first writes the platform's folder.
///
/// The user's variables reach that folder through the shell's environment, never through an argument or, in the sandbox,
/// a file of the machine: some are secrets.
struct ExternalCommand {
    let program: FilePath
    let arguments: [String]
    let environment: [String: String]
    let platform: FilePath
    let platformVariables: [String: String]
    /// Whether the platform's folder has yet to be filled.
    var writesPlatform = true
    let workingDirectory: FilePath
    let sandbox: Sandbox?

    var command: Command {
        var variables = environment
        var script = "umask 022\n"
        if writesPlatform { script += "mkdir -p \(ShellWord.quoted(platform.string))/env || exit 1\n" }
        for (index, variable) in (writesPlatform ? files : []).enumerated() {
            let carrier = "MIXPACK_FILE_\(index)"
            variables[carrier] = variable.value
            script += "printf %s \"$\(carrier)\" > \(ShellWord.quoted("\(platform)/env/\(variable.key)")) || exit 1\n"
            script += "unset \(carrier)\n"
        }
        // bubblewrap keeps the mark of the build; the buildpack has no use for it.
        script += "unset \(LeftoverProcesses.variable)\n"
        script += "exec " + strangeNames(&variables) + "\"$@\"\n"
        return Command(
            "/bin/sh", ["-c", script, "sh", program.string] + arguments, environment: variables,
            workingDirectory: workingDirectory, sandbox: sandbox)
    }

    /// The variables that can be files.
    private var files: [(key: String, value: String)] {
        platformVariables.filter { !$0.key.isEmpty && $0.key != "." && $0.key != ".." && !$0.key.contains("/") }
            .sorted { $0.key < $1.key }
    }

    /// Shells drop variables whose names they cannot use themselves; `env` hands those on.
    private func strangeNames(_ variables: inout [String: String]) -> String {
        let strange = environment.keys.filter { !Self.isShellName($0) }.sorted()
        let words = strange.enumerated().map { index, name in
            let carrier = "MIXPACK_NAME_\(index)"
            variables[carrier] = variables.removeValue(forKey: name)
            return "\(ShellWord.quoted(name + "="))\"$\(carrier)\" "
        }
        guard !strange.isEmpty else { return "" }
        let carriers = strange.indices.map { "-u MIXPACK_NAME_\($0) " }
        return "env " + carriers.joined() + words.joined()
    }

    private static func isShellName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
    }
}
