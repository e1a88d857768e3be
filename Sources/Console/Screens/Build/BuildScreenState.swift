import Lifecycle
import TerminalUI

/// The Build screen: a build, where one is in its panes, and the builds before.
struct BuildScreenState: Sendable {
    /// Which build the events belong to; those of an older one are dropped.
    var generation = 0
    var build = BuildState()
    /// How many events of the build have come.
    var events = 0
    var running: BuildHandle?
    /// The clock's reading when the build began; `nil` until the clock was read.
    var startedAt: Double?
    /// The clock's reading now; runs while a build does.
    var now = 0.0
    var log = LogPane()
    var layers = ListState()
    var phases = ListState()
    var problems = ListState()
    var pastBuilds: [PastBuild] = []
    /// How often Ctrl-C was pressed, and when last.
    var cancelPresses = 0
    var lastCancelPress = 0.0
    var isCancelling = false
    var watches = false
    /// Whether files were saved while a build was at work: it is followed by another.
    var isStale = false
    /// Where events are sent on to while they are printed plainly.
    var plainOutput: AsyncStream<LifecycleEvent>.Continuation?
    var replay: Replay?
    /// The id of the past build that is shown; `nil` for the current one.
    var shownPast: String?

    /// Seconds since the build began, or in all once it ended.
    var elapsed: Double {
        if build.outcome != nil || replay != nil { return build.time }
        return build.start == nil && running == nil ? 0 : max(build.time, now - (startedAt ?? now))
    }

    var hasBuild: Bool { running != nil || build.start != nil }

    /// The seconds that earlier builds of this project took; the median of those that finished.
    var expectedSeconds: Double? {
        let seconds = pastBuilds.filter { $0.ending == .finished }.map(\.seconds).sorted()
        return seconds.isEmpty ? nil : seconds[seconds.count / 2]
    }

    /// What remains by earlier builds; `nil` without any, or where this one takes longer.
    var remaining: Double? {
        guard build.isRunning, let expectedSeconds, expectedSeconds > elapsed else { return nil }
        return expectedSeconds - elapsed
    }
}
