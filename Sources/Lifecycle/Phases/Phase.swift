/// The phases of a build, in order
/// ([CNB Platform specification](https://github.com/buildpacks/spec/blob/main/platform.md#operations)).
package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
    case analyze, detect, restore, build, export

    /// The heading that pack's users know, for example `DETECTING`.
    package var heading: String {
        switch self {
        case .analyze: "ANALYZING"
        case .detect: "DETECTING"
        case .restore: "RESTORING"
        case .build: "BUILDING"
        case .export: "EXPORTING"
        }
    }
}

/// Starts and ends phases, and keeps their times.
struct PhaseClock {
    private let emit: EventEmitter
    private var current: (phase: Phase, start: Double)?
    /// The seconds of the phases that ended.
    private(set) var times: [BuildReport.PhaseTime] = []
    /// The phase that did not end by itself.
    private(set) var failedPhase: Phase?

    init(emit: EventEmitter) { self.emit = emit }

    mutating func start(_ phase: Phase) {
        current = (phase, emit.elapsed)
        emit(.phaseStarted(phase))
    }

    mutating func finish(_ outcome: PhaseOutcome = .done) {
        guard let (phase, start) = current else { return }
        let seconds = emit.elapsed - start
        current = nil
        times.append(BuildReport.PhaseTime(phase: phase, seconds: seconds))
        emit(.phaseFinished(phase, outcome, seconds: seconds))
    }

    /// Ends the phase under way, which failed or was cancelled.
    mutating func abandon(isCancelled: Bool) {
        failedPhase = current?.phase
        finish(isCancelled ? .cancelled : .failed)
    }
}
