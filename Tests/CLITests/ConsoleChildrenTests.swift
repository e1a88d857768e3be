import SystemPackage
import TestSupport
import Testing

/// What a build's commands can do to the terminal that the console is on: nothing.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ConsoleChildrenTests {
    @Test("commands cannot write to the terminal, read no keys, and end with the build that is cancelled")
    func children() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/config.exs"] = """
                    import Config

                    opened = File.open("/dev/tty", [:write])
                    IO.puts("terminal: #{inspect(elem(opened, 0))}")
                    with {:ok, terminal} <- opened, do: IO.write(terminal, "TTY-" <> "STRAY")
                    IO.puts("keys: #{inspect(IO.gets(""))}")
                    IO.puts("now" <> "-waiting")
                    Process.sleep(:infinity)
                    """
            }
            let terminal = try bench.mixpack.startOnTerminal(["build", "mini", "--path", project.string])
            defer { terminal.endNow() }
            try await terminal.wait(for: "terminal: :error", within: .seconds(90))
            try await terminal.wait(for: "keys: :eof")
            try await terminal.wait(for: "now-waiting")
            terminal.send("\u{3}")
            try await terminal.wait(for: "Cancel the build?")
            terminal.send("y")
            try await terminal.wait(for: "cancelled; the previous image is unchanged")
            terminal.send("Q")
            let end = try await terminal.end()
            #expect(end.status == 130, "\(end)")
            #expect(!terminal.output.contains("TTY-STRAY"))
            #expect(try ProcessScan.processes(under: bench.folder) == [])
        }
    }
}
