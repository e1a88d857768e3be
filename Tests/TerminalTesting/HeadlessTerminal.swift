import Diagnostics
import Synchronization
import TerminalUI

/// A terminal in memory: events are scripted, frames are kept to be looked at.
package final class HeadlessTerminal: Terminal {
    /// What was asked of the terminal besides frames.
    package enum Call: Hashable, Sendable {
        /// The program took over.
        case start
        /// The screen was given to another program.
        case suspend
        /// The screen was taken back.
        case resume
        /// The process was to stop.
        case stop
        /// All was to be drawn again.
        case redraw
        case bell
        case notify(String)
        /// A text for the clipboard.
        case setClipboard(String)
        /// All was given back.
        case restore
    }

    private struct State {
        var size: Size
        var events: (@Sendable (InputEvent) -> Void)?
        var frame: Frame?
        var frameCount = 0
        var calls: [Call] = []
    }

    private let state: Mutex<State>

    /// A blank screen.
    package init(size: Size = Size(width: 80, height: 24)) {
        state = Mutex(State(size: size))
    }

    /// The screen's size.
    package var size: Size { state.withLock { $0.size } }
    /// The frame that is shown.
    package var frame: Frame? { state.withLock { $0.frame } }
    /// How many frames were drawn.
    package var frameCount: Int { state.withLock { $0.frameCount } }
    /// What was asked besides frames, in order.
    package var calls: [Call] { state.withLock { $0.calls } }
    /// The text on the screen, a line a row.
    package var text: String { frame?.canvas.text ?? "" }
    /// The roles on the screen; see ``Canvas/roleText``.
    package var roleText: String { frame?.canvas.roleText ?? "" }

    /// Makes an event happen; nothing before the program has started.
    package func send(_ event: InputEvent) {
        let events = state.withLock { state in
            if case .resize(let size) = event { state.size = size }
            return state.events
        }
        events?(event)
    }

    package func start(events: @escaping @Sendable (InputEvent) -> Void) throws(Failure) {
        state.withLock {
            $0.events = events
            $0.calls.append(.start)
        }
    }

    package func draw(_ frame: Frame) {
        state.withLock {
            $0.frame = frame
            $0.frameCount += 1
        }
    }

    package func redraw() { note(.redraw) }
    package func suspend() async { note(.suspend) }
    package func resume() async { note(.resume) }
    package func bell() { note(.bell) }
    package func notify(_ text: String) { note(.notify(text)) }
    package func setClipboard(_ text: String) { note(.setClipboard(text)) }

    /// See ``Terminal/stop()``; goes on at once.
    package func stop() {
        note(.stop)
        send(.resume)
    }

    package func restore() {
        state.withLock {
            $0.events = nil
            $0.calls.append(.restore)
        }
    }

    private func note(_ call: Call) {
        state.withLock { $0.calls.append(call) }
    }
}
