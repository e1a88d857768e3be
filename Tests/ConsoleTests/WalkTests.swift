import Lifecycle
import Synchronization
import SystemPackage
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("The whole way by keys alone", .timeLimit(.minutes(1)))
struct WalkTests {
    @Test("from Project over Release and Secrets to Build and Image, and the container runs")
    func walk() async throws {
        let world = World(builds: [Fixtures.finished()])
        let program = try ConsoleProgram(clients: world.clients(), start: .project("/home/ann/shop"))
        let session = await HeadlessSession(program, size: Size(width: 80, height: 24))
        #expect(session.text.contains("umbrella of 3 applications, Phoenix 1.7.14"))
        try await session.press("Enter")
        #expect(session.text.contains("(x) web_rel 0.2.0  default"))
        try await session.press("j", "Enter")
        #expect(session.text.contains("(x) worker_rel"))
        try await session.press("3", "j", "s")
        #expect(session.text.contains("SECRET_KEY_BASE"))
        #expect(session.text.contains("••• (64 chars)"))
        try await session.press("b")
        await session.wait { $0.outcome != nil }
        #expect(session.text.contains("✓ shop:latest built in 6.7s"))
        let request = try #require(world.look { $0.requests.first })
        #expect(request.variables.isEmpty)
        #expect(request.release == "worker_rel")
        try await session.press("5", "r")
        await session.wait { _ in world.look { !$0.commands.isEmpty } }
        let command = try #require(world.look { $0.commands.first })
        #expect(command.words.contains("SECRET_KEY_BASE"))
        #expect(command.environment["SECRET_KEY_BASE"]?.count == 64)
        #expect(session.terminal.calls.contains(.suspend))
    }
}
