import TerminalTesting
import Testing

@testable import TerminalUI

@Suite("Program loop", .timeLimit(.minutes(1)))
struct ProgramLoopTests {
    @Test("keys become messages, messages become frames")
    func keys() async throws {
        let session = await HeadlessSession(CounterProgram(), size: Size(width: 20, height: 1))
        #expect(session.text == "0\n")
        try await session.press("a", "Enter")
        #expect(session.text == "0 a,Enter\n")
        try await session.press("q")
        #expect(await session.finished()?.words == ["a", "Enter"])
        #expect(session.terminal.calls == [.start, .restore])
    }

    @Test("work sends messages, and idle waits for its end")
    func work() async throws {
        let session = await HeadlessSession(CounterProgram())
        try await session.press("w")
        #expect(await session.state()?.count == 6)
        #expect(session.text.hasPrefix("6"))
    }

    @Test("a timer goes off by the loop's clock, unless it is cancelled")
    func timers() async throws {
        let session = await HeadlessSession(CounterProgram())
        try await session.press("t", "c", "t")
        while session.clock.sleeperCount != 1 { await Task.yield() }
        session.clock.advance(by: .seconds(2))
        let state = await session.wait { !$0.words.isEmpty }
        #expect(state?.words == ["late"])
    }

    @Test("the terminal is given away and taken back around work, and calls reach it in order")
    func calls() async throws {
        let session = await HeadlessSession(CounterProgram())
        try await session.press("s")
        await session.wait { $0.words == ["back"] }
        try await session.press("y")
        #expect(
            session.terminal.calls == [
                .start, .suspend, .resume, .bell, .setClipboard("copied"), .stop, .redraw,
            ])
    }

    @Test("a lost terminal ends a program that does not care", arguments: [InputEvent.hangup, .terminate])
    func hangup(event: InputEvent) async {
        let session = await HeadlessSession(CounterProgram())
        session.terminal.send(event)
        #expect(await session.finished() != nil)
        #expect(await session.state() == nil)
    }

    @Test("a flood of messages makes few frames and does not hold up a key")
    func flood() async throws {
        let session = await HeadlessSession(CounterProgram())
        try await session.press("f")
        let start = ContinuousClock.now
        await session.wait { $0.count > 100_000 }
        let frames = session.terminal.frameCount
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        #expect(Double(frames) < 10 + 40 * seconds)
        try await session.press("x")
        #expect(session.text.contains("x"))
        try await session.press("q")
        #expect(await session.finished()?.words == ["x"])
    }

    @Test("cancelling ends whoever waits for a state that does not come, and the program")
    func cancellation() async throws {
        let loop = ProgramLoop(CounterProgram(), terminal: HeadlessTerminal(size: Size(width: 20, height: 1)))
        let running = Task { try await loop.run() }
        let waiting = Task { await loop.wait { $0.count == 1_000 } }
        #expect(await loop.waitUntilIdle()?.count == 0)
        waiting.cancel()
        #expect(await waiting.value == nil)
        loop.send(.add(2))
        #expect(await loop.waitUntilIdle()?.count == 2)
        running.cancel()
        #expect(try await running.value.count == 2)
        #expect(await loop.waitUntilIdle() == nil)
    }

    @Test("a new size reaches the view")
    func resize() async {
        let session = await HeadlessSession(CounterProgram(), size: Size(width: 5, height: 1))
        await session.send(.resize(Size(width: 9, height: 3)))
        #expect(session.terminal.frame?.canvas.size == Size(width: 9, height: 3))
    }
}
