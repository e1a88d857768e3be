import SystemPackage
import TestSupport
import Testing

@Suite("The launcher and Ctrl-C") struct InterruptTests {
    static let process = """
        [[processes]]
        type = "web"
        command = ["sh", "-c", "trap 'echo stopped; exit 0' TERM; trap '' INT; echo \\"flags <$ERL_AFLAGS> <$MIXPACK_CTRL_C>\\"; while :; do sleep 0.1; done"]
        direct = true
        buildpack-id = "bp"
        """

    private func image(in folder: FilePath, _ environment: [String: String]) throws -> LaunchFixture {
        var image = try LaunchFixture(folder)
        image.environment = environment
        try image.metadata(Self.process)
        try image.layer("env.launch/web/MIXPACK_CTRL_C.default", "stop")
        return image
    }

    @Test("on a terminal Ctrl-C asks the process to stop")
    func stops() async throws {
        try await withTemporaryFolder { folder in
            let image = try image(in: folder, ["ERL_AFLAGS": "-mine"])
            let terminal = try PseudoTerminal("/usr/bin/env", try image.words([]))
            defer { terminal.endNow() }
            try await terminal.wait(for: "flags <+Bi -mine> <>")
            terminal.send("\u{3}")
            try await terminal.wait(for: "stopped")
            #expect(try await terminal.end().status == 0)
        }
    }

    @Test("as the first process of a namespace too, which gets only signals that it handles")
    func stopsFirstProcess() async throws {
        try await withTemporaryFolder { folder in
            let image = try image(in: folder, [:])
            let terminal = try PseudoTerminal(
                try findTool("unshare", package: "util-linux"),
                ["--fork", "--pid", "--mount-proc", "--kill-child", "/usr/bin/env"] + (try image.words([])))
            defer { terminal.endNow() }
            try await terminal.wait(for: "flags <+Bi> <>")
            terminal.send("\u{3}")
            try await terminal.wait(for: "stopped")
            _ = try await terminal.end()
        }
    }

    @Test("without a terminal, and when the user says otherwise, nothing is changed")
    func untouched() async throws {
        try await withTemporaryFolder { folder in
            let plain = try image(in: folder, [:])
            let program = try RunningProgram("/usr/bin/env", try plain.words([]))
            try await eventually("the process starting") { program.output.contains("flags <> <>\n") }
            program.send(15)
            #expect(try await program.end().output.hasSuffix("stopped\n"))
            let chosen = try image(in: folder, ["MIXPACK_CTRL_C": "erlang"])
            let terminal = try PseudoTerminal("/usr/bin/env", try chosen.words([]))
            defer { terminal.endNow() }
            try await terminal.wait(for: "flags <> <>")
            terminal.send(signal: 15)
            #expect(try await terminal.end().status == 0)
        }
    }

    @Test("the watcher ends with the process")
    func watcherEnds() async throws {
        try await withTemporaryFolder { folder in
            let image = try image(in: folder, [:])
            let terminal = try PseudoTerminal("/usr/bin/env", try image.words([]))
            defer { terminal.endNow() }
            try await terminal.wait(for: "flags")
            let children = FilePath("/proc/\(terminal.id)/task/\(terminal.id)/children")
            var watcher = ""
            // It takes its name after the fork.
            try await eventually("the watcher") {
                let all = try children.readText().split(separator: " ").map(String.init)
                watcher = try all.first { try name(of: $0) == "ctrl-c-watcher\n" } ?? ""
                return !watcher.isEmpty
            }
            terminal.send(signal: 9)
            _ = try await terminal.end()
            try await eventually("the watcher ending") {
                let state = try? FilePath("/proc/\(watcher)/stat").readText()
                return state.map { !$0.contains("ctrl-c-watcher") || $0.contains(") Z ") } ?? true
            }
        }
    }

    /// The name of a process; empty where it has ended.
    private func name(of process: String) throws -> String {
        (try? FilePath("/proc/\(process)/comm").readText()) ?? ""
    }
}
