import Lifecycle
import TerminalUI
import Text

/// The Build screen: a build, where the cursor is in its panes, and the builds before.
struct BuildScreenState: Sendable {
    /// How far the build is that the console started.
    enum Life: Sendable {
        case idle
        /// It was asked for; its handle has not come yet.
        case starting
        case running(BuildHandle)
        /// It was told to stop; its end has not come yet.
        case cancelling(BuildHandle?)
        case ended

        var isAtWork: Bool {
            switch self {
            case .starting, .running, .cancelling: true
            case .idle, .ended: false
            }
        }

        var isCancelling: Bool { if case .cancelling = self { true } else { false } }

        var handle: BuildHandle? {
            switch self {
            case .running(let handle), .cancelling(let handle?): handle
            case .idle, .starting, .cancelling(nil), .ended: nil
            }
        }
    }

    /// What stays from one build to the next.
    struct Kept: Sendable {
        /// Which build the events belong to; those of an older one are dropped.
        var generation = 0
        var pastBuilds: [PastBuild] = []
        /// Whether a build follows whenever a file is saved.
        var watches = false
        /// What came of the last file that was saved.
        var round: WatchRound?
        /// The releases that are built after this one.
        var queue: [String] = []
        /// Where events are sent on to while they are printed plainly.
        var plainOutput: AsyncStream<LifecycleEvent>.Continuation?
        /// The clock's reading now; runs while a build does.
        var now = 0.0
    }

    var kept = Kept()
    var life = Life.idle
    var build = BuildState()
    /// How many events of the build have come.
    var events = 0
    /// The clock's reading when the build began; `nil` until the clock was read.
    var startedAt: Double?
    /// The clock's reading when Ctrl-C last asked whether to cancel.
    var askedToCancelAt: Double?
    /// Whether files were saved while a build was at work: it is followed by another.
    var isStale = false
    var replay: Replay?
    /// The id of the past build that is shown; `nil` for the current one.
    var shownPast: String?
    /// Whether the console was left for plain output, which has told how the build ended.
    var hasDetached = false
    var log = LogState()
    var layers = ListState()
    var phases = ListState()
    var problems = ListState()
    /// The first row shown of why the build stopped.
    var stopTop = 0
    /// The source around the place where it stopped.
    var excerpt = Excerpt()

    /// What was read of a place, once it was asked for.
    struct Excerpt: Sendable, Equatable {
        var place: FilePlace?
        /// `nil` until it is read, and if it cannot be.
        var lines: SourceExcerpt?
    }

    /// Whether the same build can be started again.
    var canRetry: Bool { hasBuild && !life.isAtWork && replay == nil }

    /// Seconds since the build began, or in all once it ended.
    var elapsed: Double {
        if build.outcome != nil || replay != nil { return build.time }
        return hasBuild ? max(build.time, kept.now - (startedAt ?? kept.now)) : 0
    }

    var hasBuild: Bool { life.handle != nil || build.start != nil }

    var selectedLayer: LayerProgress? { build.layers.chosen(by: layers) }
    var selectedProblem: BuildProblem? { build.problems.chosen(by: problems) }

    /// Where the problem is that the cursor of the log is at or after, or else the first one that has a place.
    var problemPlace: FilePlace? {
        let placed = build.problems.filter { $0.diagnostic.file != nil }
        let errors = placed.filter { $0.diagnostic.severity == .error }
        let candidates = errors.isEmpty ? placed : errors
        let near = log.follows ? nil : placed.last { $0.line <= log.cursor }
        return (near ?? candidates.first).flatMap { problem in
            problem.diagnostic.file.map { FilePlace(file: $0, line: problem.diagnostic.line) }
        }
    }

    /// How the build ended, for a user who looks at another window.
    var announcement: String {
        let name = build.start?.image ?? "the build"
        let word =
            switch build.outcome {
            case .finished?: "is built"
            case .cancelled?: "was cancelled"
            case .failed(let failure)? where failure.asks: "waits for an answer"
            case .failed?, .lost?, nil: "failed"
            }
        return "mixpack: \(name) \(word) after \(Amount.shortSeconds(build.time))"
    }

    /// The seconds that earlier builds of this project took; the median of those that finished.
    private var expectedSeconds: Double? {
        let seconds = kept.pastBuilds.filter { $0.ending == .finished }.map(\.seconds).sorted()
        return seconds.isEmpty ? nil : seconds[seconds.count / 2]
    }

    /// What remains by earlier builds; `nil` without any, or if this one takes longer.
    var remaining: Double? {
        guard build.isRunning, let expectedSeconds, expectedSeconds > elapsed else { return nil }
        return expectedSeconds - elapsed
    }
}

extension BuildScreenState {
    /// The state of the next build: of the one before, only what is kept stays.
    init(after before: BuildScreenState) {
        kept = before.kept
        kept.generation += 1
        log = LogState(kept: before.log.kept)
    }
}
