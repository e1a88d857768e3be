import Lifecycle

/// A build as its events tell it: what every pane of the Build screen shows.
///
/// Events are folded in order; nothing is learnt by reading log text.
package struct BuildState: Sendable {
    /// What is built.
    package internal(set) var start: BuildStart?
    /// The phases, in order.
    package internal(set) var phases = Phase.allCases.map { PhaseProgress(phase: $0) }
    /// The group and its plan, once settled.
    package internal(set) var plan: ResolvedPlan?
    /// The layers, in the order in which they were heard of.
    package internal(set) var layers: [LayerProgress] = []
    /// The commands, in the order in which they began.
    package internal(set) var commands: [CommandProgress] = []
    /// The problems, in the order in which they came.
    package internal(set) var problems: [BuildProblem] = []
    /// The step that is under way, and how far it is.
    package internal(set) var progress: StepProgress?
    /// The dependency that is being fetched or compiled.
    package internal(set) var dependency: DependencyProgress?
    /// The places where the image stands.
    package internal(set) var places: [String] = []
    /// The last lines of the log.
    package internal(set) var log: LogStore
    /// The stretches of the log that can be folded, by heading.
    package internal(set) var sections: [LogSection] = []
    /// How the build ended; `nil` while it goes on.
    package internal(set) var outcome: BuildOutcome?
    /// The time of the last event, in seconds since the build began.
    package internal(set) var time = 0.0
    /// How many errors and warnings there are among the problems.
    package internal(set) var errorCount = 0, warningCount = 0

    var layerIndices: [LayerSummary.Identity: Int] = [:]
    var commandIndices: [Int: Int] = [:]
    var openPhaseSection: Int?

    /// Creates the state of a build that has not begun.
    package init(log: LogStore = LogStore()) { self.log = log }

    /// Whether the build has begun and not ended.
    package var isRunning: Bool { start != nil && outcome == nil }
    /// The phase that is at work.
    package var runningPhase: PhaseProgress? { phases.first { $0.isRunning } }
    /// The command that runs, or failed last.
    package var currentCommand: CommandProgress? { commands.last { $0.status == nil } }
    /// The last command that failed.
    package var failedCommand: CommandProgress? { commands.last { ($0.status ?? 0) != 0 } }
}
