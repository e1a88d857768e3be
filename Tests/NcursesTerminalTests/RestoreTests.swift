import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("The terminal is given back", .timeLimit(.minutes(2)))
struct RestoreTests {
    @Test("after quitting, and what was written meanwhile follows")
    func quit() async throws {
        let terminal = try await Probe.start()
        terminal.send("pm")
        try await terminal.wait(for: "#2:key:m;")
        terminal.send("e")
        try await terminal.wait(for: "#3:key:e;")
        #expect(!terminal.output.contains("STRAY-OUTPUT"))
        terminal.send("q")
        let end = try await terminal.end()
        #expect(end.status == 0)
        try await expectClean(terminal)
        #expect(ScreenModeTracker(terminal.output).used.isSuperset(of: [1000, 1002, 1004, 1006, 1049, 2004]))
        #expect(end.output.contains("STRAY-OUTPUT"))
        #expect(end.output.contains("ended-after-4-events"))
    }

    @Test(
        "after a signal, which the parent sees",
        arguments: [SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGTERM, SIGINT])
    func signals(signal: Int32) async throws {
        let terminal = try await Probe.start()
        terminal.send("pm")
        try await terminal.wait(for: "#2:key:m;")
        terminal.send(signal: signal)
        let end = try await terminal.end()
        #expect(end.signal == signal)
        try await expectClean(terminal)
    }

    @Test("after a mistake in Swift code, with its message on the screen")
    func trap() async throws {
        let terminal = try await Probe.start()
        terminal.send("x")
        let end = try await terminal.end()
        #expect([SIGILL, SIGTRAP].contains(end.signal ?? 0))
        #expect(end.output.contains("Index out of range"))
        try await expectClean(terminal)
    }

    @Test("after SIGTERM to a program that takes no notice, by a second one and when its time is over")
    func ignored() async throws {
        let patient = try await Probe.start(["--ignore-termination"])
        patient.send(signal: SIGTERM)
        try await patient.wait(for: "#1:terminate;")
        patient.send(signal: SIGTERM)
        #expect(try await patient.end().signal == SIGTERM)
        try await expectClean(patient)

        let hurried = try await Probe.start(["--ignore-termination", "--short-grace"])
        hurried.send(signal: SIGTERM)
        #expect(try await hurried.end().signal == SIGTERM)
        try await expectClean(hurried)
    }

    private func expectClean(_ terminal: PseudoTerminal) async throws {
        #expect(ScreenModeTracker(terminal.output).isClean)
        let titles = ["\u{1B}[22;2t", "\u{1B}[23;2t"].map { terminal.output.components(separatedBy: $0).count - 1 }
        #expect(titles[0] > 0 && titles[0] == titles[1], "pushed and popped: \(titles)")
        #expect(try await terminal.settings() == Probe.freshSettings())
    }
}
