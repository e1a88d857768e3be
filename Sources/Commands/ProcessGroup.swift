import Glibc

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

    /// Waits for the leader's end.
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
