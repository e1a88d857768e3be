import Diagnostics

/// Runs a program on a terminal: events and messages in, frames out.
///
/// The state lives on a thread of its own. A frame is drawn at once after a key, and else at most 30 times a second,
/// however many messages come; sending a message never waits for a frame.
package final class ProgramLoop<P: Program>: Sendable {
    let program: P
    let terminal: any Terminal
    let clock: any Clock<Duration>
    let frameInterval: Duration
    let inbox = Inbox<LoopItem<P.State, P.Message>>()

    /// A loop for one run.
    ///
    /// `clock` times ``Effect/after(_:id:send:)``; `framesPerSecond` is the most that messages alone bring about
    /// (30; 10 suits a slow line).
    package init(
        _ program: P, terminal: any Terminal, clock: any Clock<Duration> = ContinuousClock(), framesPerSecond: Int = 30
    ) {
        self.program = program
        self.terminal = terminal
        self.clock = clock
        frameInterval = .seconds(1) / max(1, framesPerSecond)
    }

    /// Takes over the terminal, runs the program until it quits, and gives the terminal back.
    ///
    /// Call it once.
    ///
    /// Gives the last state. Work that is still under way is cancelled; cancelling the task ends the program, too.
    /// Throws: ``Failure`` if the terminal cannot be taken over.
    package func run() async throws(Failure) -> P.State {
        let inbox = inbox
        try terminal.start { inbox.put(event: $0) }
        let result = await withTaskCancellationHandler {
            await runOnOwnThread()
        } onCancel: {
            inbox.put(.cancelled)
        }
        terminal.restore()
        return try result.get()
    }

    private func runOnOwnThread() async -> Result<P.State, Failure> {
        await withCheckedContinuation { continuation in
            do throws(Failure) {
                try DedicatedThread.start {
                    var thread = LoopThread(self)
                    continuation.resume(returning: .success(thread.run()))
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
    }

    /// Hands a message to the program.
    ///
    /// Never waits.
    package func send(_ message: P.Message) {
        inbox.put(.message(message, work: nil))
    }

    /// Waits until all is taken in and drawn and no work but subscriptions is under way; gives the state then, or nil
    /// if the loop has ended or the waiting task is cancelled.
    ///
    /// Timers that have not gone off do not count.
    package func waitUntilIdle() async -> P.State? {
        await wait(needsIdle: true) { _ in true }
    }

    /// Waits until the state is as asked and drawn; gives it, or nil if the loop has ended or the waiting task is
    /// cancelled.
    package func wait(until condition: @escaping @Sendable (P.State) -> Bool) async -> P.State? {
        await wait(needsIdle: false, condition)
    }

    private func wait(needsIdle: Bool, _ condition: @escaping @Sendable (P.State) -> Bool) async -> P.State? {
        let answer = LoopAnswer<P.State>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.await(continuation)
                let probe = LoopProbe(needsIdle: needsIdle, condition: condition) { answer.give($0) }
                if !inbox.put(.probe(probe)) { answer.give(nil) }
            }
        } onCancel: {
            answer.give(nil)
        }
    }
}

/// A program for the terminal: a state, messages that change it, and a picture of it.
///
/// All of it is pure. `update` and `view` run on one thread, one at a time; what touches the world is an ``Effect``.
package protocol Program: Sendable {
    associatedtype State: Sendable
    associatedtype Message: Sendable

    /// The state at the start, and what to do first.
    func start() -> (State, Effect<Message>)
    /// The message that an event of the terminal makes; nil to ignore it.
    ///
    /// The loop hands on every event, ``InputEvent/resize(_:)`` too: one with the size at the start comes first. It ends
    /// by itself on a ``InputEvent/hangup`` or ``InputEvent/terminate`` that is ignored.
    func message(for event: InputEvent) -> Message?
    /// Takes in a message, and says what is to happen now.
    func update(_ state: inout State, _ message: Message) -> Effect<Message>
    /// The picture of a state on a screen of `size`.
    func view(_ state: State, size: Size) -> Frame
}
