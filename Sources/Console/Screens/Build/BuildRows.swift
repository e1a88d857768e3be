import BuildpackAPI
import Lifecycle
import TerminalUI

/// What the panes of the Build screen say.
enum BuildRows {
    /// The phases with their times, and their buildpacks.
    static func phases(_ state: BuildScreenState) -> [PaneRow] {
        state.build.phases.flatMap { phase -> [PaneRow] in
            let (mark, role) = mark(of: phase.status)
            var line = StyledLine("\(mark) ", role).adding(phase.phase.rawValue, phase.isRunning ? .textStrong : .text)
            if case .ended(let outcome, _) = phase.status, outcome != .done {
                line.append("  \(outcome.rawValue)", role)
            }
            if phase.isRunning, let progress = state.build.progress { line.append("  \(text(of: progress))", .textDim) }
            let time = phase.seconds(at: state.elapsed).map { StyledLine(Seconds.text($0), .number) }
            return [PaneRow(line, trailing: time)] + (phase.phase == .build ? phase.buildpacks.map(row) : [])
        }
    }

    private static func row(of buildpack: PhaseProgress.Buildpack) -> PaneRow {
        let (mark, role): (String, Role) =
            switch buildpack.outcome {
            case .passed?: ("✓", .stateOK)
            case .failed?: ("✗", .stateFailed)
            case .skipped?: ("-", .stateSkipped)
            case nil: ("▸", .stateRunning)
            }
        return PaneRow(StyledLine("  \(mark) ", role).adding(shortName(buildpack.id), .textDim))
    }

    /// The mark of a phase, and its role.
    static func mark(of status: PhaseProgress.Status) -> (String, Role) {
        switch status {
        case .waiting: ("·", .statePending)
        case .running: ("▸", .stateRunning)
        case .ended(.done, _): ("✓", .stateOK)
        case .ended(.unchanged, _): ("=", .stateSkipped)
        case .ended(.failed, _): ("✗", .stateFailed)
        case .ended(.cancelled, _): ("-", .stateSkipped)
        }
    }

    /// A step and how far it is: `fetching 3/12`.
    static func text(of progress: StepProgress) -> String {
        progress.total > 0 ? "\(progress.step) \(progress.done)/\(progress.total)" : progress.step
    }

    /// A buildpack's id without its reversed domain.
    static func shortName(_ id: String) -> String { id.split(separator: ".").last.map(String.init) ?? id }

    /// The plan: who provides what to whom.
    static func plan(_ plan: ResolvedPlan?) -> [PaneRow] {
        guard let plan else { return [] }
        return [.heading("Plan")]
            + plan.entries.map { entry in
                let providers = entry.providers.map(shortName).joined(separator: ", ")
                return PaneRow(StyledLine("\(entry.name) ").adding("by \(providers)", .textDim))
            }
    }

    /// The layers, live.
    ///
    /// Without much room, the buildpack and what a layer is for are left to the detail.
    static func layers(_ state: BuildScreenState, isCompact: Bool) -> [PaneRow] {
        let width = min(22, state.build.layers.map { $0.layer.name.columns }.max() ?? 0)
        return state.build.layers.map { row(of: $0, width: width, isCompact: isCompact) }
    }

    private static func row(of layer: LayerProgress, width: Int, isCompact: Bool) -> PaneRow {
        let role: Role =
            switch layer.change {
            case .created, .exported: .diffAdded
            case .growing: .stateRunning
            case .restored, .reused: .diffUnchanged
            case .cached: .stateSkipped
            }
        var line = StyledLine("\(layer.mark) ", role).adding(layer.layer.name.padded(to: width), .textStrong)
        line.append(" \(layer.word.padded(to: 8))", role)
        if !isCompact {
            if let buildpack = layer.layer.buildpack { line.append(" \(shortName(buildpack))", .textDim) }
            line.append(" \(types(layer.layer.types))", .textDim)
        }
        var trailing = StyledLine(ByteCount.text(layer.layer.size), .number)
        if let before = layer.restoredSize, before != layer.layer.size {
            trailing.append(" \(ByteCount.difference(layer.layer.size - before))", .diffModified)
        }
        return PaneRow(line, trailing: trailing)
    }

    /// What a layer is for: `launch, cache`.
    static func types(_ types: LayerTypes) -> String {
        let names: [(LayerTypes, String)] = [(.launch, "launch"), (.build, "build"), (.cache, "cache")]
        return names.filter { types.contains($0.0) }.map(\.1).joined(separator: ",")
    }

    /// All that is known of a layer.
    static func detail(of layer: LayerProgress?, width: Int) -> [StyledLine] {
        guard let layer else { return [StyledLine("no layer yet", .textDim)] }
        let summary = layer.layer
        var lines = [StyledLine(summary.name, .textStrong).adding("  \(layer.word)", .textDim)]
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines += TextWrap.lines(value, width: max(1, width - 11)).enumerated().map { index, text in
                StyledLine((index == 0 ? name : "").padded(to: 11), .textDim).adding(text)
            }
        }
        let origin = summary.name.hasPrefix("run image") ? "run image" : "none: the lifecycle makes it"
        add("buildpack", summary.buildpack ?? origin)
        add("for", types(summary.types))
        add("size", ByteCount.text(summary.size) + (layer.restoredSize.map { " (was \(ByteCount.text($0)))" } ?? ""))
        add("files", summary.files.map { Decimals.grouped($0) })
        add("diffID", summary.diffID?.description)
        add("why", summary.reason)
        add("folder", summary.directory)
        return lines
    }

    /// The problems, in order.
    static func problems(_ build: BuildState) -> [PaneRow] {
        build.problems.map { problem in
            let (word, role): (String, Role) =
                switch problem.diagnostic.severity {
                case .error: ("error", .stateFailed)
                case .warning: ("warning", .stateWarning)
                case .note: ("note", .textDim)
                }
            let line = StyledLine("\(word) ", role).adding(problem.diagnostic.text)
            return PaneRow(line, trailing: problem.place.map { StyledLine($0.truncated(to: 40), .link) })
        }
    }
}
