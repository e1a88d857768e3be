import Glibc
public import SystemPackage

/// A program in tmux: a real terminal whose screen a test can read, with a test at the keys.
public struct TmuxSession: Sendable {
    private let tmux: FilePath
    private let socket: FilePath

    /// Runs a program at a size, hands the session to `body`, and ends it.
    ///
    /// The program's last screen stays to be read after its end.
    /// - Throws: `TestSupportError` when tmux is not installed.
    public static func run<Result>(
        _ executable: FilePath, _ arguments: [String] = [], environment: [String: String?] = [:],
        workingDirectory: FilePath, columns: Int = 80, rows: Int = 24, in folder: FilePath,
        _ body: (TmuxSession) async throws -> Result
    ) async throws -> Result {
        let session = TmuxSession(tmux: try findTool("tmux"), socket: folder.appending("tmux.sock"))
        let words = ([executable.string] + arguments).map(quoted).joined(separator: " ")
        let variables = environment.compactMap { name, value in value.map { "\(name)=\($0)" } }.sorted()
        let removed = environment.filter { $0.value == nil }.keys.sorted().flatMap { ["-u", $0] }
        let command = (["env"] + removed + variables).map(quoted).joined(separator: " ") + " " + words
        _ = try await session.tmux(
            [
                "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
                "-c", workingDirectory.string, "exec " + command, ";", "set", "-g", "remain-on-exit", "on",
            ])
        do {
            let result = try await body(session)
            await session.endServer()
            return result
        } catch {
            let screen = (try? await session.screen()) ?? ""
            await session.endServer()
            throw TestSupportError("\(error)\nthe screen:\n\(screen)")
        }
    }

    /// What is on the screen, a line for each row, without spaces at the ends.
    public func screen() async throws -> String {
        try await tmux(["capture-pane", "-p"]).output
    }

    /// What is on the screen, with its colours as escape sequences.
    public func colouredScreen() async throws -> String {
        try await tmux(["capture-pane", "-p", "-e"]).output
    }

    /// Waits until the screen shows a text.
    public func wait(for text: String, within deadline: Duration = .seconds(30)) async throws {
        try await eventually("\"\(text)\" on the screen", within: deadline) {
            try await screen().contains(text)
        }
    }

    /// Waits until the screen no longer shows a text.
    public func waitUntilGone(_ text: String, within deadline: Duration = .seconds(30)) async throws {
        try await eventually("\"\(text)\" off the screen", within: deadline) {
            try await !screen().contains(text)
        }
    }

    /// What tmux knows of the terminal, by its own formats such as `#{alternate_on}`.
    public func fact(_ format: String) async throws -> String {
        try await tmux(["display-message", "-p", format]).output.filter { $0 != "\n" }
    }

    /// Writes every byte that programs send to the terminal from now on to a file.
    public func keepOutput(in file: FilePath) async throws {
        _ = try await tmux(["pipe-pane", "exec cat > " + Self.quoted(file.string)])
    }

    /// Presses keys by tmux's names, such as `Enter`, `Escape`, `Down`, `C-c`, or single characters.
    public func press(_ keys: String...) async throws {
        _ = try await tmux(["send-keys"] + keys)
    }

    /// Types a text as it is.
    public func type(_ text: String) async throws {
        _ = try await tmux(["send-keys", "-l", text])
    }

    /// Changes the size of the terminal.
    public func resize(columns: Int, rows: Int) async throws {
        _ = try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// Waits for the program's end and gives its exit status; minus the signal's number where one ended it.
    public func exitStatus(within deadline: Duration = .seconds(30)) async throws -> Int32 {
        var status: Int32?
        var told = ""
        // tmux closes the terminal before it has reaped the program: until then there is neither status nor signal.
        try await eventually("the end of the program; tmux: \(told); \(Self.processState(told))", within: deadline) {
            told = try await fact("#{pane_dead},#{pane_dead_status},#{pane_dead_signal},#{pid},#{pane_pid}")
            let fields = told.split(separator: ",", omittingEmptySubsequences: false).map { Int32($0) }
            guard fields.count == 5, fields[0] == 1 else { return false }
            status = fields[1] ?? fields[2].map { -$0 }
            // On a busy machine tmux has been seen to miss the signal that says so, and to keep a zombie for ever.
            if status == nil, let server = fields[3] { kill(server, SIGCHLD) }
            return status != nil
        }
        return try status ?? { throw TestSupportError("the program has not ended") }()
    }

    /// What the kernel tells of a pane's program, in a line.
    private static func processState(_ told: String) -> String {
        let id = told.split(separator: ",").last.map(String.init) ?? ""
        let status = (try? FilePath("/proc/\(id)/status").readText()) ?? "no such process"
        let told = status.split(separator: "\n").filter { line in
            ["State", "Threads", "SigQ", "SigBlk", "PPid"].contains { line.hasPrefix($0) }
        }
        return (told.isEmpty ? status : told.joined(separator: " ")).replacing("\t", with: " ")
    }

    private func endServer() async {
        _ = try? await tmux(["kill-server"])
    }

    private func tmux(_ arguments: [String]) async throws -> ProgramEnd {
        try await TestSupport.run(
            tmux, ["-u", "-S", socket.string] + arguments,
            environment: ["TMUX": nil, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"], within: .seconds(20)
        ).succeeded()
    }

    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
