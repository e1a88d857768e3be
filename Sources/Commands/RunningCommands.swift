import Glibc
import Synchronization
import SystemPackage

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

    package init() {}

    package var count: Int { state.withLock { $0.groups.count } }

    /// Ends every command with KILL, without waiting for what it still wants to do.
    package func kill() { state.withLock { $0.groups.values.forEach { $0.kill() } } }

    /// Has every command stand still until `resume`.
    package func pause() { signal(SIGSTOP) }

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

    var isEnding: Bool { state.withLock { $0.isToEnd } }

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

    func signal(_ signal: Int32) { state.withLock { if !$0.hasEnded { $0.group?.signal(signal) } } }

    /// Returns when the end that was asked for has come; at once when none was.
    func waitForEnding() async {
        await state.withLock { $0.ending }?.value
    }

    private func ending(_ group: ProcessGroup) -> Task<Void, Never> {
        Task.detached { [grace] in await group.end(grace: grace) }
    }
}

/// The process group that a command leads.
struct ProcessGroup: Sendable {
    /// The leader's process id, which is the group's id.
    let id: pid_t

    /// Whether the leader has ended.
    ///
    /// It is left to be waited for, so that its id, and the group's, stay taken.
    var hasLeaderEnded: Bool {
        var info = siginfo_t()
        let found = waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT)
        return found != 0 || info.si_signo != 0
    }

    /// Sends a signal to every process of the group.
    /// - Returns: whether there was one to send it to.
    @discardableResult
    func signal(_ signal: Int32) -> Bool { kill(-id, signal) == 0 }

    /// Has its processes, and those that they start, leave more of the processors to others than mixpack itself does.
    ///
    /// Beside the priority there is that of the session, by which Linux shares out processors first where it groups
    /// sessions (sched(7), "The autogroup feature").
    func giveWay() {
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        setpriority(__priority_which_t(PRIO_PGRP.rawValue), id_t(id), own + Self.less)
        guard let file = try? FileDescriptor.open("/proc/\(id)/autogroup", .writeOnly, options: .closeOnExec) else {
            return
        }
        _ = try? file.closeAfter { try file.writeAll("\(Self.less)".utf8) }
    }

    /// By how much; a session of its own begins at 0.
    private static let less: Int32 = 5

    func waitForLeader() async {
        var pause = Duration.milliseconds(1)
        while !hasLeaderEnded {
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(40))
        }
    }

    /// Ends the group: TERM to all, KILL to those that are still there after the grace.
    func end(grace: Duration) async {
        guard signal(SIGTERM) else { return }
        let deadline = ContinuousClock.now + grace
        while signal(0), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(10)) }
        signal(SIGKILL)
    }
}
