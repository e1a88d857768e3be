import FoundationEssentials
import SystemPackage
import TestSupport

/// The program that shows what it gets, on a terminal of its own.
enum Probe {
    static let environment: [String: String?] = [
        "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "LANG": nil, "LC_CTYPE": nil, "NO_COLOR": nil, "SSH_TTY": nil,
        "ESCDELAY": nil, "LINES": nil, "COLUMNS": nil, "COLORTERM": nil, "TMUX": nil,
        // A backtrace takes seconds and says nothing about the terminal.
        "SWIFT_BACKTRACE": "enable=no",
    ]

    /// Where it is: beside the tests.
    static func executable() throws -> FilePath {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = FilePath(link)
        while folder.removeLastComponent() {
            let candidate = folder.appending("TerminalProbe")
            if FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
        }
        throw TestSupportError("TerminalProbe has not been built beside \(link)")
    }

    /// Starts it and waits for its first frame.
    static func start(
        _ arguments: [String] = [], _ changes: [String: String?] = [:], columns: Int = 80, rows: Int = 24
    ) async throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            executable(), arguments, environment: environment.merging(changes) { $1 }, columns: columns, rows: rows)
        try await terminal.wait(for: "ready:")
        return terminal
    }

    /// The settings of a terminal that nobody changed.
    static func freshSettings() async throws -> String {
        let terminal = try PseudoTerminal(findTool("true"))
        _ = try await terminal.end()
        return try terminal.settings()
    }
}
