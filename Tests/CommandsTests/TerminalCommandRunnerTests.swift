import Commands
import Diagnostics
import Testing

@Suite("Handing the terminal over")
struct TerminalCommandRunnerTests {
    @Test("The program's end is told", arguments: [0, 7])
    func ends(code: Int32) async throws {
        let command = Command("sh", ["-c", "exit \(code)"], workingDirectory: "/")
        #expect(try await TerminalCommandRunner().runInteractive(command) == .exited(code))
    }

    @Test("Ctrl-C reaches the program and not us")
    func interrupts() async throws {
        let command = Command("sh", ["-c", "kill -INT $PPID; kill -INT $$; sleep 5"], workingDirectory: "/")
        #expect(try await TerminalCommandRunner().runInteractive(command) == .signalled(2))
    }

    @Test("A program that is not there is named")
    func missing() async throws {
        let error = await #expect(throws: Failure.self) {
            try await TerminalCommandRunner().runInteractive(Command("no-such-prog", workingDirectory: "/"))
        }
        #expect(error?.description == "cannot run no-such-prog: not found, or not executable")
    }
}
