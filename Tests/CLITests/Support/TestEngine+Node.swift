import TestSupport
import Testing

extension TestEngine {
    /// Waits until the node of a release in the container `c` answers.
    func waitForNode(_ name: String) async throws {
        try await eventually("an answer of \(name)", within: .seconds(30)) {
            try await docker("exec", "c", "\(Workbench.release)/bin/\(name)", "rpc", "1").status == 0
        }
    }

    /// `remote` is the running node's own shell, and leaving it leaves the node running.
    func tryRemote(_ name: String) async throws {
        let shell = try dockerOnTerminal("exec", "-it", "c", "\(Workbench.release)/bin/\(name)", "remote")
        defer { shell.endNow() }
        try await shell.wait(for: "iex(", within: .seconds(30))
        shell.send("IO.puts(\"in \" <> \"#{node()}\" <> \" alive: \" <> inspect(Node.alive?()))\r")
        try await shell.wait(for: "in \(name)@", within: .seconds(15))
        try await shell.wait(for: "alive: true")
        // Ctrl-C twice is how one leaves IEx.
        shell.send("\u{3}")
        try await shell.wait(for: "BREAK")
        shell.send("\u{3}")
        _ = try await shell.end(within: .seconds(15))
        #expect(try await docker("ps", "-q").succeeded().lines.count == 1)
    }
}
