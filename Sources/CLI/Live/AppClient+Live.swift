import Commands
import Console
import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

extension AppClient {
    static func live(_ wiring: Wiring) -> AppClient {
        let choices = ChoicesStore(wiring.machine)
        let tools = TerminalTools(machine: wiring.machine, runner: wiring.runner)
        var client = AppClient()
        client.loadChoices = { choices.choices(for: $0) }
        client.saveChoices = { choices.save($1, for: $0) }
        client.savePreferences = { PreferencesStore(folder: wiring.machine.state).save($0) }
        client.runOnTerminal = { try await tools.run($0) }
        client.editorCommand = { tools.editorCommand(file: $0, line: $1) }
        client.copy = { await tools.copy($0) }
        client.savingFolder = { wiring.machine.savedFiles }
        client.saveText = { try tools.save($1, as: $0) }
        return client
    }
}

/// The user's own programs around the console: editor, clipboard, shells.
struct TerminalTools: Sendable {
    let machine: Machine
    let runner: any CommandRunner

    /// Runs a program on the terminal and hands over its exit status.
    func run(_ command: InteractiveCommand) async throws -> Int32 {
        guard let program = command.words.first else { throw Failure(.refused, "no program to run") }
        var environment = machine.environment
        for (name, value) in command.environment { value.withValue { environment[name] = $0 } }
        let folder = command.workingDirectory ?? machine.currentDirectory
        let words = Command(
            FilePath(program), Array(command.words.dropFirst()), environment: environment, workingDirectory: folder)
        switch try await TerminalCommandRunner().runInteractive(words) {
        case .exited(let status): return status
        case .signalled(let signal): return 128 + signal
        }
    }

    /// The user's editor on a file at a line.
    func editorCommand(file: FilePath, line: Int?) -> [String] {
        let editor = machine.environment["VISUAL"] ?? machine.environment["EDITOR"] ?? "vi"
        let words = editor.split(separator: " ").map(String.init)
        let name = FilePath(words.first ?? "vi").lastComponent?.string ?? "vi"
        guard let line else { return words + [file.string] }
        switch name {
        case "code", "codium", "cursor", "zed": return words + ["--goto", "\(file):\(line)"]
        case "subl", "hx", "helix": return words + ["\(file):\(line)"]
        default: return words + ["+\(line)", file.string]
        }
    }

    /// The user's pager on a file.
    func pagerCommand(file: FilePath) -> [String] {
        let pager = machine.environment["PAGER"] ?? "less -R"
        return pager.split(separator: " ").map(String.init) + [file.string]
    }

    /// Copies a text by the first program that works here; `nil` where only the terminal itself can (OSC 52).
    func copy(_ text: String) async -> ClipboardReceipt? {
        for way in clipboardPrograms {
            // The text goes through a file of its own: a program's standard input is closed here.
            guard let file = try? PrivateFile(text) else { return nil }
            defer { file.remove() }
            let line = way.joined(separator: " ") + " < " + ShellWord.quoted(file.path.string)
            let shell = Command(
                "/bin/sh", ["-c", line], environment: machine.environment, workingDirectory: machine.currentDirectory)
            if let end = try? await runner.run(shell, onOutput: { _ in }), end.isSuccess {
                return ClipboardReceipt(way: way[0], bytes: text.utf8.count)
            }
        }
        return nil
    }

    /// Writes a text to a new file.
    func save(_ text: String, as asked: FilePath) throws -> FilePath {
        let path = try machine.newFile(asked)
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch {
            throw Failure(.refused, "cannot write \(path)", advice: "name a file in a folder that you can write to")
        }
        return path
    }

    private var clipboardPrograms: [[String]] {
        let lookup = ProgramLookup(searchPath: machine.environment["PATH"])
        let ways = [
            ("WAYLAND_DISPLAY", ["wl-copy"]), ("DISPLAY", ["xclip", "-selection", "clipboard"]),
            ("TMUX", ["tmux", "load-buffer", "-w", "-"]),
        ]
        return ways.filter { machine.environment[$0.0] != nil && lookup.find(FilePath($0.1[0])) != nil }.map(\.1)
    }
}

/// A file for its owner alone, in the folder of temporary files.
struct PrivateFile {
    let path: FilePath

    init(_ text: String) throws {
        path = FilePath("/tmp/mixpack-\(UInt64.random(in: .min ... .max))")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path.string) }
}
