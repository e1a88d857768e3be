import BuildpackAPI
import Lifecycle
import TerminalUI
import Text

extension Screen {
    static let build: Screen = .init(
        number: 4, title: "Build", keys: .build, panes: [.phases, .stop, .layers, .layerDetail, .log, .problems],
        firstPane: .log,
        status: { BuildStatus($0).line },
        progress: { BuildStatus($0).progress(width: $1) ?? ContainerRows.elsewhere($0.run) },
        next: { BuildStatus.next($0) }, urgent: { stopActions($0) },
        place: { $0.build.stop?.place ?? $0.build.problemPlace }, search: { .build(.log(.search($0))) }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked: return stackedBuild(request, body)
        case .two where hasStopped(request): return stoppedBuild(request, body)
        case .two:
            let (left, right) = body.split(left: 40 + request.growth(left: [.phases, .layers, .layerDetail]))
            // All phases with their buildpacks, if that leaves the layers half of the column.
            let rows = max(9, (request.ideals[.phases] ?? 0) + 2)
            let (phases, layers) = left.split(top: min(rows, left.height / 2))
            let lower: Pane = request.focus == .layerDetail ? .layerDetail : .layers
            return [(.phases, phases), (lower, layers)] + logColumn(request, right, problems: 6)
        case .three:
            return wideBuild(request, body)
        }
    }

    /// The columns of the phases beside why a build stopped, where there are two columns.
    static let stoppedPhases = 34
    /// The columns of why a build stopped, where there are three.
    static let stoppedMiddle = 78

    private static func hasStopped(_ request: LayoutRequest) -> Bool {
        request.ideals[.stop] != nil || request.focus == .stop
    }

    /// The facts on top of each other, each with the rows that it has something for, and a wide log beside them.
    private static func wideBuild(_ request: LayoutRequest, _ body: Rect) -> [ConsoleLayout.Placed] {
        let stopped = hasStopped(request)
        let width = stopped ? stoppedMiddle : 62
        let (left, right) = body.split(left: width + request.growth(left: [.phases, .stop, .layers, .layerDetail]))
        let facts: [Pane] = stopped ? [.stop, .phases, .layers] : [.phases, .layers, .layerDetail]
        let column = facts + (stopped && request.focus == .layerDetail ? [.layerDetail] : [])
        return request.column(column, in: left) + logColumn(request, right, problems: 8)
    }

    /// Why it stopped, with the phases beside it, over a log as wide as the screen.
    private static func stoppedBuild(_ request: LayoutRequest, _ body: Rect) -> [ConsoleLayout.Placed] {
        let wanted = max((request.ideals[.stop] ?? 1) + 2, (request.ideals[.phases] ?? 0) + 2)
        let rows = wanted + request.growth(left: [.phases, .stop, .layers, .layerDetail])
        let (top, rest) = body.split(top: max(5, min(rows, body.height - 8)))
        let (left, right) = top.split(left: stoppedPhases)
        let side: Pane = [.layers, .layerDetail].contains(request.focus) ? request.focus : .phases
        return [(side, left), (.stop, right)] + logColumn(request, rest, problems: 6)
    }

    private static func stackedBuild(_ request: LayoutRequest, _ body: Rect) -> [ConsoleLayout.Placed] {
        let hasStopped = hasStopped(request)
        var rows = body.height >= 18 ? 6 : 3
        if request.focus != .log { rows = max(rows, body.height / 2) }
        // The log keeps five lines.
        if hasStopped { rows = max(rows, min((request.ideals[.stop] ?? 1) + 2, body.height - 7)) }
        rows = min(max(3, rows + request.growth(left: [.layers, .stop])), body.height - 3)
        let isAbove = [.phases, .problems, .layers, .layerDetail].contains(request.focus)
        let upper: Pane = isAbove ? request.focus : hasStopped ? .stop : .layers
        let (top, rest) = body.split(top: rows)
        return [(upper, top), (.log, rest)]
    }

    private static func logColumn(
        _ request: LayoutRequest, _ rect: Rect, problems rows: Int
    ) -> [ConsoleLayout.Placed] {
        // Why it stopped says the same; Tab shows the list.
        let isWanted = request.ideals[.problems] != nil && !hasStopped(request)
        guard isWanted || request.focus == .problems else { return [(.log, rect)] }
        let (log, problems) = rect.split(bottom: request.focus == .problems ? max(rows, rect.height / 2) : rows)
        return [(.log, log), (.problems, problems)]
    }
}

extension Pane {
    static let phases: Pane = .init(
        name: "phases", title: { _ in "Phases" },
        content: ListContent(cursor: \.build.phases, isFacts: true) { state in
            BuildRows.phases(state.build)
                + (LayoutKind(state.size) == .three ? BuildRows.plan(state.build.build.plan) : [])
        },
        height: { state in
            let plan = LayoutKind(state.size) == .three ? BuildRows.plan(state.build.build.plan).count : 0
            return BuildRows.phases(state.build).count + plan
        })

    static let layers: Pane = .init(
        name: "layers", title: { _ in "Layers" },
        content: ListContent(cursor: \.build.layers) {
            BuildRows.layers($0.build, isCompact: LayoutKind($0.size) == .two)
        }, height: { $0.build.build.layers.count },
        enter: { state in Enter("files", .image(.openLayer(state.build.selectedLayer?.layer.identity))) })

    static let layerDetail: Pane = .init(
        name: "layerDetail", title: { _ in "Layer" },
        content: TextContent { BuildRows.detail(of: $0.build.selectedLayer, width: $1) },
        height: { $0.build.selectedLayer == nil ? 0 : 12 })

    static let problems: Pane = .init(
        name: "problems", title: { _ in "Problems" },
        content: WrappedListContent(cursor: \.build.problems) { BuildRows.problems($0.build.build, width: $1) },
        height: { $0.build.build.problems.count }, enter: { _ in Enter("show", .build(.goToSelectedProblem)) },
        place: { state in
            let diagnostic = state.build.selectedProblem?.diagnostic
            return diagnostic?.file.map { FilePlace(file: $0, line: diagnostic?.line) }
        })
}

/// What the panes of the Build screen say.
enum BuildRows {
    /// The phases with their times, and their buildpacks.
    static func phases(_ state: BuildScreenState) -> [PaneRow] {
        state.build.phases.flatMap { phase -> [PaneRow] in
            let (mark, role) = mark(of: phase.status)
            var line = StyledLine("\(mark) ", role).adding(phase.phase.rawValue, phase.isRunning ? .textStrong : .text)
            if let word = word(of: phase.status) { line.append("  \(word)", role) }
            if phase.isRunning, let words = progress(of: state.build) { line.append("  \(words)", .textDim) }
            let time = phase.seconds(at: state.elapsed).map { StyledLine(Amount.shortSeconds($0), .number) }
            return [PaneRow(line, trailing: time)] + (phase.phase == .build ? rows(of: phase.buildpacks) : [])
        }
    }

    private static func word(of status: PhaseProgress.Status) -> String? {
        switch status {
        case .waiting, .running, .ended(.done, _): nil
        case .asked: "asks"
        case .ended(let outcome, _): outcome.rawValue
        }
    }

    /// How far the running phase is; of dependencies the numbers come first, because names are cut off where space is short.
    private static func progress(of build: BuildState) -> String? {
        if let step = build.dependency?.step { return "\(step.number)/\(step.total) \(step.name)" }
        return build.progress.map(text)
    }

    private static func rows(of buildpacks: [PhaseProgress.Buildpack]) -> [PaneRow] {
        let names = ShortNames(buildpacks.map(\.id))
        return buildpacks.map { row(of: $0, named: names[$0.id]) }
    }

    private static func row(of buildpack: PhaseProgress.Buildpack, named name: String) -> PaneRow {
        let (mark, role): (String, Role) =
            switch buildpack.outcome {
            case .passed?: ("✓", .stateOK)
            case .failed?: ("✗", .stateFailed)
            case .skipped?: ("-", .stateSkipped)
            case nil: ("▸", .stateRunning)
            }
        return PaneRow(StyledLine("  \(mark) ", role).adding(name, .textDim))
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
        case .asked: ("?", .stateWarning)
        }
    }

    /// A step and how far it is: `fetching 3/12`.
    static func text(of progress: StepProgress) -> String {
        progress.total > 0 ? "\(progress.step) \(progress.done)/\(progress.total)" : progress.step
    }

    /// The plan: who provides what to whom.
    static func plan(_ plan: ResolvedPlan?) -> [PaneRow] {
        guard let plan else { return [] }
        let names = ShortNames(plan.group.map(\.id) + plan.entries.flatMap(\.providers))
        return [.heading("Plan")]
            + plan.entries.map { entry in
                let providers = entry.providers.map { names[$0] }.joined(separator: ", ")
                return PaneRow(StyledLine("\(entry.name) ").adding("by \(providers)", .textDim))
            }
    }

    /// The layers, live.
    ///
    /// Without much room, the buildpack and what a layer is for are left to the detail.
    static func layers(_ state: BuildScreenState, isCompact: Bool) -> [PaneRow] {
        let layers = state.build.layers.map(\.layer)
        // The buildpack beside a name tells layers apart too.
        let names = isCompact ? ShortNames.layers(layers.map(withProcessorAlone)) : layers.map(\.name)
        let width = min(22, names.map(\.columns).max() ?? 0)
        let buildpacks = ShortNames(of: layers)
        return zip(state.build.layers, names).map { layer, name in
            let buildpack = isCompact ? nil : layer.layer.buildpack.map { buildpacks[$0] }
            return row(of: layer, named: name.padded(to: width), by: buildpack, isCompact: isCompact)
        }
    }

    /// The layer with the processor in place of the platform: the images of a build differ in that, and it is short.
    private static func withProcessorAlone(_ layer: LayerSummary) -> LayerSummary {
        var layer = layer
        layer.platform = layer.platform?.split(separator: "/").dropFirst().first.map(String.init) ?? layer.platform
        return layer
    }

    private static func row(
        of layer: LayerProgress, named name: String, by buildpack: String?, isCompact: Bool
    ) -> PaneRow {
        let role: Role =
            switch layer.change {
            case .created, .exported: .diffAdded
            case .growing: .stateRunning
            case .restored, .reused: .diffUnchanged
            case .cached: .stateSkipped
            }
        var line = StyledLine("\(layer.mark) ", role).adding(name, .textStrong)
        line.append(" \(layer.word.padded(to: 8))", role)
        if !isCompact {
            if let buildpack { line.append(" \(buildpack)", .textDim) }
            line.append(" \(layer.layer.platform ?? types(layer.layer.types))", .textDim)
        }
        var trailing = StyledLine(Amount.bytes(layer.layer.size), .number)
        if let before = layer.restoredSize, before != layer.layer.size {
            trailing.append(" \(Amount.difference(layer.layer.size - before))", .diffModified)
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
        add("platform", summary.platform.map { "\($0) alone" })
        add("size", Amount.bytes(summary.size) + (layer.restoredSize.map { " (was \(Amount.bytes($0)))" } ?? ""))
        add("files", summary.files.map { Amount.grouped($0) })
        add("diffID", summary.diffID?.description)
        add("why", summary.reason)
        add("folder", summary.directory)
        return lines
    }

    /// The problems, in order, with what to try.
    static func problems(_ build: BuildState, width: Int) -> [[StyledLine]] {
        build.problems.map { problem in
            let (word, role): (String, Role) =
                switch problem.diagnostic.severity {
                case .error: ("error", .stateFailed)
                case .warning: ("warning", .stateWarning)
                case .note: ("note", .textDim)
                }
            var line = StyledLine("\(word) ", role)
            if let place = problem.place { line.append("\(place) ", .link) }
            let lines = line.adding(problem.diagnostic.text).wrapped(width: width, indent: 2)
            let advice =
                problem.diagnostic.advice.map { TextWrap.styled("try: \($0)", width: width - 2, .textDim) } ?? []
            return lines + advice.map { StyledLine("  ") + $0 }
        }
    }
}

/// The line above the footer on Build: how the build stands.
struct BuildStatus {
    private let state: BuildScreenState
    /// Whether a build waits for the look at the project.
    private let isWaiting: Bool
    private var build: BuildState { state.build }

    init(_ state: ConsoleState) {
        self.state = state.build
        isWaiting = state.pendingBuild != nil && !state.isProjectKnown
    }

    var line: StyledLine {
        if isWaiting { return StyledLine("looking at the project first…  b builds without waiting", .stateRunning) }
        switch build.outcome {
        case nil: return running
        case .finished(let report)? where report.notTried?.severity == .error:
            return StyledLine("✗ \(report.image) is built, but was not tried: ", .stateFailed)
                .adding(report.notTried?.text ?? "", .stateFailed)
        case .finished(let report)?:
            let word = report.isUnchanged ? "unchanged, checked" : "built"
            return StyledLine("✓ \(report.image) \(word) in \(Amount.shortSeconds(report.seconds))", .stateOK)
                .adding(report.size.map { "  \(ImageSizeText.full($0))" } ?? "", .number)
                .adding("  \(report.imageID.short)  5 opens it", .textDim)
        case .failed(let failure)? where failure.asks:
            return StyledLine("? the build waits for an answer; r asks again", .stateWarning)
        case .failed?:
            return StyledLine("✗ stopped after \(Amount.shortSeconds(build.time))", .stateFailed)
                .adding("; the previous image is unchanged", .textDim)
        case .cancelled?: return StyledLine("- cancelled; the previous image is unchanged", .stateSkipped)
        case .lost?:
            return StyledLine("✗ the build ended without a result; the previous image is unchanged", .stateFailed)
        }
    }

    private var running: StyledLine {
        if state.life.isCancelling { return StyledLine("cancelling…", .statusMode) }
        guard build.isRunning || state.life.isAtWork else { return StyledLine("no build yet; b starts one", .textDim) }
        if let dependency = build.dependency {
            let seconds = state.elapsed - dependency.since
            return StyledLine(dependency.text, .stateRunning)
                .adding(seconds >= 1 ? "  \(Amount.shortSeconds(seconds))" : "", .number)
                .adding(dependency.step.remainder(after: seconds).map { "  " + $0 } ?? "", .textDim)
        }
        if let command = build.currentCommand { return StyledLine("$ \(command.text)", .code) }
        return StyledLine("\(build.runningPhase?.phase.rawValue ?? "starting")…", .stateRunning)
    }

    /// The step that follows: the image once it is built, and a build as long as there is none.
    static func next(_ state: ConsoleState) -> Screen.Next? {
        guard !state.build.life.isAtWork, state.pendingBuild == nil else { return nil }
        switch state.build.build.outcome {
        case .finished?: return Screen.Next(title: "Image", action: .app(.showImage))
        case nil where state.build.replay == nil: return Screen.Next(title: "build", action: .app(.build))
        case .failed?, .cancelled?, .lost?:
            return state.build.replay == nil
                ? Screen.Next(title: "retry", action: .build(.retry), isEntered: false) : nil
        case nil: return nil
        }
    }

    func progress(width: Int) -> StyledLine? {
        if let replay = state.replay { return StyledLine(text(of: replay), .statusMode) }
        guard build.isRunning else { return nil }
        let fresh = state.log.newLines(in: build.log)
        if fresh > 0 { return StyledLine("↓ \(Amount.grouped(fresh)) new", .statusMode) }
        if let fraction = build.progress?.fraction {
            let done = Int((fraction * Double(width)).rounded())
            return StyledLine(String(repeating: "█", count: done), .progressDone)
                .adding(String(repeating: "░", count: width - done), .progressRest)
        }
        return state.remaining.map { StyledLine("about \(Amount.shortSeconds(max(1, $0))) to go", .textDim) }
    }

    private func text(of replay: Replay) -> String {
        let speed = "x\(Amount.decimal(replay.speed, digits: replay.speed < 1 ? 2 : 0))"
        let word = replay.isPaused ? "paused" : replay.isAtEnd ? "end" : speed
        return "replay \(word) \(Amount.clock(replay.position))/\(Amount.clock(replay.length))"
    }
}

/// The phases in one line, for narrow screens, with counts of warnings and errors.
struct PhaseStripView {
    private let state: BuildScreenState

    init(_ state: BuildScreenState) { self.state = state }

    func draw(in rect: Rect, on canvas: inout Canvas) {
        var line = StyledLine(" ")
        for phase in state.build.phases {
            let (mark, role) = BuildRows.mark(of: phase.status)
            line.append(mark + phase.phase.rawValue, role)
            if phase.isRunning, let progress = state.build.progress, progress.total > 0 {
                line.append(" \(progress.done)/\(progress.total)", role)
            } else if case .ended(_, let seconds) = phase.status, seconds >= 0.95 {
                line.append(" \(Amount.shortSeconds(seconds))", .number)
            }
            line.append(" ")
        }
        canvas.draw(line, in: rect, trailing: Self.counts(state.build))
    }

    /// `WARN 1 ERR 0`; without either, nothing.
    static func counts(_ build: BuildState) -> StyledLine {
        guard build.warningCount + build.errorCount > 0 else { return StyledLine() }
        return StyledLine("WARN \(build.warningCount)", build.warningCount > 0 ? .stateWarning : .textDim)
            .adding(" ERR \(build.errorCount) ", build.errorCount > 0 ? .stateFailed : .textDim)
    }
}
