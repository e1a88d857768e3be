import CTerminal
import Diagnostics
import Glibc
import Synchronization
import TerminalUI

/// The terminal that the process runs in, drawn on with ncurses.
///
/// A thread of its own reads keys and draws, so a slow terminal holds up neither the program nor a build. However the
/// process ends, the terminal is given back; what other code writes to the standard streams meanwhile is kept off the screen
/// and shown on standard error at the end. There may be one at a time in a process.
package final class CursesTerminal: Terminal {
    private struct State {
        var size: Size
        var mailbox: ScreenMailbox?
        var done: WakePipe?
        var endingSignal: Int32?
    }

    private let options: TerminalOptions
    private let state: Mutex<State>

    package init(options: TerminalOptions) {
        self.options = options
        state = Mutex(State(size: Screen.size(of: STDOUT_FILENO) ?? Size(width: 80, height: 24)))
    }

    package var size: Size { state.withLock { $0.size } }

    /// The signal that asked the program to end, once the terminal is given back; raise it again with ``end(by:)``, so that
    /// the parent process sees it.
    package var endingSignal: Int32? { state.withLock { $0.endingSignal } }

    /// Ends the process by a signal, with the system's own action for it.
    package static func end(by signal: Int32) {
        cterminal_raise(signal)
    }

    package func start(events: @escaping @Sendable (InputEvent) -> Void) throws(Failure) {
        let mailbox = try ScreenMailbox()
        let screen = try Screen(options: options, wake: mailbox.pipe.writeEnd)
        let options = options
        let remember: @Sendable (Size) -> Void = { [weak self] size in self?.state.withLock { $0.size = size } }
        remember(screen.size)
        do {
            let done = try WakePipe()
            try DedicatedThread.start {
                var thread = ScreenThread(screen, mailbox, options: options, sizeChanged: remember, events: events)
                thread.run()
                done.signal()
            }
            state.withLock {
                $0.mailbox = mailbox
                $0.done = done
            }
        } catch {
            screen.close()
            throw error
        }
    }

    package func draw(_ frame: Frame) {
        state.withLock { $0.mailbox }?.put(frame)
    }

    package func redraw() { put(.redraw) }
    package func stop() { put(.stop) }
    package func bell() { put(.bell) }
    package func notify(_ text: String) { put(.notify(text)) }
    /// See ``Terminal/setClipboard(_:)``; at most 74,000 bytes, which is what terminals take.
    package func setClipboard(_ text: String) { put(.clipboard(text)) }

    package func suspend() async {
        guard let mailbox = state.withLock({ $0.mailbox }) else { return }
        await withCheckedContinuation { mailbox.put(.suspend($0)) }
    }

    package func resume() async {
        guard let mailbox = state.withLock({ $0.mailbox }) else { return }
        await withCheckedContinuation { mailbox.put(.resume($0)) }
    }

    /// Gives the terminal back; waits at most two seconds for one that takes no more bytes, then resets it as a handler would.
    package func restore() {
        let (mailbox, done) = state.withLock { state in
            defer {
                state.mailbox = nil
                state.done = nil
            }
            return (state.mailbox, state.done)
        }
        guard let mailbox, let done else { return }
        mailbox.put(.finish)
        if !done.wait(milliseconds: 2000) {
            cterminal_reset()
            cterminal_unguard()
        }
        let signal = cterminal_ending_signal()
        state.withLock { $0.endingSignal = signal == 0 ? nil : signal }
    }

    private func put(_ command: ScreenCommand) {
        state.withLock { $0.mailbox }?.put(command)
    }
}
