public import Lifecycle

/// A build as its events tell it: what every pane of the Build screen shows.
///
/// Events are folded in order; nothing is learnt by reading log text.
public struct BuildState: Sendable {
    /// What is built.
    public internal(set) var start: BuildStart?
    /// The phases, in order.
    public internal(set) var phases = Phase.allCases.map { PhaseProgress(phase: $0) }
    /// The group and its plan, once settled.
    public internal(set) var plan: ResolvedPlan?
    /// The layers, in the order in which they were heard of.
    public internal(set) var layers: [LayerProgress] = []
    /// The commands, in the order in which they began.
    public internal(set) var commands: [CommandProgress] = []
    /// The problems, in the order in which they came.
    public internal(set) var problems: [BuildProblem] = []
    /// The step that is under way, and how far it is.
    public internal(set) var progress: StepProgress?
    /// The places where the image stands.
    public internal(set) var places: [String] = []
    /// The last lines of the log.
    public internal(set) var log: LogStore
    /// The stretches of the log that can be folded, by heading.
    public internal(set) var sections: [LogSection] = []
    /// How the build ended; `nil` while it goes on.
    public internal(set) var outcome: BuildOutcome?
    /// The time of the last event, in seconds since the build began.
    public internal(set) var time = 0.0
    /// How many errors and warnings there are among the problems.
    public internal(set) var errorCount = 0, warningCount = 0

    var layerIndices: [LayerProgress.Identity: Int] = [:]
    var commandIndices: [Int: Int] = [:]
    var openPhaseSection: Int?

    /// Creates the state of a build that has not begun.
    public init(log: LogStore = LogStore()) { self.log = log }

    /// Whether the build has begun and not ended.
    public var isRunning: Bool { start != nil && outcome == nil }
    /// The phase that is at work.
    public var runningPhase: PhaseProgress? { phases.first { $0.isRunning } }
    /// The command that runs, or failed last.
    public var currentCommand: CommandProgress? { commands.last { $0.status == nil } }
    /// The last command that failed.
    public var failedCommand: CommandProgress? { commands.last { ($0.status ?? 0) != 0 } }
}

extension BuildState {
    /// The section whose heading is a line.
    func section(at heading: Int) -> LogSection? {
        let index = firstSection(from: heading)
        return index < sections.count && sections[index].heading == heading ? sections[index] : nil
    }

    /// The heading of the section that a line is in, or is.
    func heading(around line: Int) -> Int? {
        let index = firstSection(from: line + 1)
        return sections[..<index].last { $0.heading == line || line < $0.end ?? .max }?.heading
    }

    /// The index of the first section whose heading is at a line or after it.
    func firstSection(from line: Int) -> Int {
        sections.endOfPrefix(where: { $0.heading < line })
    }
}
