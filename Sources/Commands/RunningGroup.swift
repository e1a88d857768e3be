import Glibc
import Synchronization

/// The group of a command that runs, and its orderly end when that is asked for, before or after it started.
final class RunningGroup: Sendable {
    private struct State {
        var group: ProcessGroup?
        var isToEnd = false
        var hasEnded = false
        var ending: Task<Void, Never>?
    }

    private let state = Mutex(State())
    private let grace: Duration

    init(grace: Duration) { self.grace = grace }

    /// Whether the group was asked to end.
    var isEnding: Bool { state.withLock { $0.isToEnd } }

    /// Tells that the program runs.
    func started(_ group: ProcessGroup) {
        state.withLock { state in
            state.group = group
            if state.isToEnd { state.ending = ending(group) }
        }
    }

    /// Tells that the program has ended: its id may soon be another program's.
    func ended() { state.withLock { $0.hasEnded = true } }

    /// Has the group end: TERM, the grace, KILL.
    func end() {
        state.withLock { state in
            guard !state.isToEnd else { return }
            state.isToEnd = true
            state.ending = state.group.map(ending)
        }
    }

    /// Ends the group at once with KILL.
    func kill() {
        state.withLock { state in
            state.isToEnd = true
            if !state.hasEnded { state.group?.signal(SIGKILL) }
        }
    }

    /// Sends a signal to the group where it runs.
    func signal(_ signal: Int32) { state.withLock { if !$0.hasEnded { $0.group?.signal(signal) } } }

    /// Returns when the end that was asked for has come; at once when none was.
    func waitForEnding() async {
        await state.withLock { $0.ending }?.value
    }

    private func ending(_ group: ProcessGroup) -> Task<Void, Never> {
        Task.detached { [grace] in await group.end(grace: grace) }
    }
}
