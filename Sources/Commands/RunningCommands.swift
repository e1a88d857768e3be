import Glibc
import Synchronization

/// The process groups of the commands that run now: to end them at once, or to have them stand still for a while.
///
/// Commands lead sessions of their own, so that what the terminal does to mixpack (Ctrl-Z, Ctrl-C) does not reach them.
/// Runners that were given one value share it.
package final class RunningCommands: Sendable {
    private struct State {
        var groups: [Int: RunningGroup] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// No command runs yet.
    package init() {}

    /// How many commands run.
    package var count: Int { state.withLock { $0.groups.count } }

    /// Ends every command with KILL, without waiting for what it still wants to do.
    package func kill() { state.withLock { $0.groups.values.forEach { $0.kill() } } }

    /// Has every command stand still until `resume`.
    package func pause() { signal(SIGSTOP) }

    /// Has every command go on.
    package func resume() { signal(SIGCONT) }

    private func signal(_ signal: Int32) { state.withLock { $0.groups.values.forEach { $0.signal(signal) } } }

    func add(_ group: RunningGroup) -> Int {
        state.withLock { state in
            state.last += 1
            state.groups[state.last] = group
            return state.last
        }
    }

    func remove(_ id: Int) { state.withLock { $0.groups[id] = nil } }
}
