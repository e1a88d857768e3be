import Diagnostics
import TerminalUI

/// A program run in memory, driven by keys and looked at as text: what tests and demonstrations use.
package final class HeadlessSession<P: Program>: Sendable {
    /// The screen.
    package let terminal: HeadlessTerminal
    /// The clock that timers go by; move it with ``ManualClock/advance(by:)``.
    package let clock: ManualClock
    private let loop: ProgramLoop<P>
    private let running: Task<P.State?, Never>

    /// Starts a program and waits for its first frame and the work it begins with.
    package init(_ program: P, size: Size = Size(width: 80, height: 24)) async {
        terminal = HeadlessTerminal(size: size)
        clock = ManualClock()
        let loop = ProgramLoop(program, terminal: terminal, clock: clock)
        self.loop = loop
        running = Task { try? await loop.run() }
        _ = await loop.waitUntilIdle()
    }

    deinit {
        running.cancel()
    }

    /// The text on the screen, a line a row, without blanks at line ends.
    package var text: String { terminal.text }
    /// The roles on the screen.
    package var roleText: String { terminal.roleText }

    /// Strokes keys, written as in key tables (`"j"`, `"C-c"`, `"Enter"`), and waits until all is idle.
    ///
    /// Throws: ``Failure`` for a key that does not exist.
    package func press(_ keys: String...) async throws(Failure) {
        for key in keys {
            for chord in try KeySequence(key).chords { terminal.send(.key(chord)) }
        }
        _ = await loop.waitUntilIdle()
    }

    /// Types a text, key by key, and waits until all is idle.
    package func type(_ text: String) async {
        for character in text { terminal.send(.key(.character(character))) }
        _ = await loop.waitUntilIdle()
    }

    /// Makes an event happen, and waits until all is idle.
    package func send(_ event: InputEvent) async {
        terminal.send(event)
        _ = await loop.waitUntilIdle()
    }

    /// Hands the program a message, and waits until all is idle.
    package func send(_ message: P.Message) async {
        loop.send(message)
        _ = await loop.waitUntilIdle()
    }

    /// The state, once all is idle; nil if the program has quit.
    package func state() async -> P.State? {
        await loop.waitUntilIdle()
    }

    /// Waits for a state that a subscription brings about; nil if the program quits before.
    @discardableResult
    package func wait(until condition: @escaping @Sendable (P.State) -> Bool) async -> P.State? {
        await loop.wait(until: condition)
    }

    /// Waits for the program to quit, and gives its last state.
    package func finished() async -> P.State? {
        await running.value
    }
}
