import Lifecycle
import TerminalTesting
import TerminalUI
import Testing

@testable import Console

@Suite("Replay", .timeLimit(.minutes(1)))
struct ReplayTests {
    @Test("a recording plays at its speed, faster, slower, and stands still")
    func plays() {
        var replay = Replay(name: "hello", events: Fixtures.finished())
        #expect(replay.advance(by: 0.5).last?.time == 0.5)
        replay.isPaused = true
        #expect(replay.advance(by: 5).isEmpty)
        replay.isPaused = false
        replay.speed = 4
        #expect(replay.advance(by: 0.5).last?.time == 2.1)
        _ = replay.advance(by: 100)
        #expect(replay.isAtEnd)
    }

    @Test("the console plays a recording by the clock, and its keys are p, ( and )")
    func console() async throws {
        let world = World()
        let program = try ConsoleProgram(
            clients: world.clients(), start: .replay(name: "hello.events", events: Fixtures.finished()))
        let session = await HeadlessSession(program)
        #expect(session.text.contains("replay x1"))
        await step(session, world, by: 1)
        #expect(session.text.contains("$ mix do compile"))
        #expect(!session.text.contains("Compiling 3 files"))
        try await session.press(")")
        await step(session, world, by: 1)
        #expect(session.text.contains("Compiling 3 files"))
        try await session.press("p")
        await step(session, world, by: 50)
        #expect(session.text.contains("replay paused"))
        #expect(await session.state()?.outcome == nil)
        try await session.press("p")
        await step(session, world, by: 50)
        #expect(session.text.contains("✓ shop:latest built"))
    }

    @Test("output that is due all at once is taken in piece by piece, so that no key waits for the whole of it")
    func bounded() {
        let chunk = String(repeating: "0123456789abcdef\n", count: 3_000)
        let events = (0..<100).map { _ in LifecycleEvent(at: 1, .output(Output(text: chunk))) }
        var replay = Replay(name: "much", events: events)
        var steps = [replay.advance(by: 2).count]
        while replay.isBehind { steps.append(replay.advance(by: 0).count) }
        #expect(steps.allSatisfy { $0 <= 2 })
        #expect(steps.reduce(0, +) == 100)
        #expect(replay.isAtEnd)
    }

    private func step(_ session: HeadlessSession<ConsoleProgram>, _ world: World, by seconds: Double) async {
        world.record.withLock { $0.time += seconds }
        await session.send(ConsoleProgram.Message(content: .build(.wake)))
    }
}
