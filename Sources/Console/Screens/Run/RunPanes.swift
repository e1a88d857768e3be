import TerminalUI
import Text

extension Screen {
    static let run: Screen = .init(
        number: 6, title: "Run", keys: .run, panes: [.containerLog, .runOptions, .containerFacts],
        firstPane: .containerLog, mark: { ContainerRows.mark($0.run) },
        next: { state in
            if state.run.running != nil { return Next(title: "address", action: .run(.browse), isEntered: false) }
            let hasImage = state.runnableImage != nil
            return hasImage ? Next(title: "start", action: .run(.start), isEntered: false) : nil
        },
        urgent: { state in
            state.run.running == nil
                ? [] : [(.run(.start), "again"), (.run(.remote), "remote"), (.run(.stop), "stop")]
        }, search: { .run(.log(.search($0))) }
    ) { request, kind, body in
        let rows = (request.ideals[.runOptions] ?? RunOptions.Field.allCases.count) + 2
        switch kind {
        case .tooSmall: return []
        case .stacked:
            let lower: Pane = request.focus == .runOptions ? .runOptions : .containerFacts
            let wanted = request.focus == .runOptions ? rows : (request.ideals[.containerFacts] ?? 3) + 2
            let growth = request.growth(left: [.containerLog])
            let (log, rest) = body.split(bottom: max(3, min(wanted - growth, body.height / 2)))
            return [(.containerLog, log), (lower, rest)]
        case .two, .three:
            let facts = (request.ideals[.containerFacts] ?? 3) + 2
            let growth = request.growth(left: [.containerLog])
            let (log, rest) = body.split(bottom: max(3, min(max(rows, facts) - growth, body.height / 2)))
            let (left, right) = rest.split(left: rest.width / 2)
            return [(.containerLog, log), (.runOptions, left), (.containerFacts, right)]
        }
    }
}

extension Pane {
    static let containerLog = Pane(
        name: "containerLog", title: { ContainerRows.title($0) }, holder: \ConsoleState.run)

    static let runOptions: Pane = .init(
        name: "runOptions", title: { _ in "With" },
        content: ListContent(cursor: \.run.form) { ContainerRows.options($0) }, height: { $0.runRows.count },
        enter: { _ in Enter("change", .perform(.run(.change))) })

    static let containerFacts: Pane = .init(
        name: "containerFacts", title: { _ in "Container" },
        content: TextContent(top: \ConsoleState.run.factsTop) { ContainerRows.facts($0, width: $1) },
        height: { state in
            let width = LayoutKind(state.size) == .stacked ? state.size.width : state.size.width / 2
            return max(1, ContainerRows.facts(state, width: width - 4).count)
        })
}

/// What the panes of the Run screen say, and what other screens say of the container.
enum ContainerRows {
    /// The image, how it is, for how long, and where it answers.
    static func title(_ state: ConsoleState) -> String {
        let run = state.run
        var words = [run.container?.image ?? state.image.contents?.name ?? "Log"]
        switch run.life {
        case .none: words = ["Log"]
        case .starting: words += ["○ starting"]
        case .running(let status):
            words += ["● up \(Amount.clock(run.now - status.startedAt))"] + (status.address.map { [$0] } ?? [])
        case .stopping: words += ["○ stopping"]
        case .ended, .refused: words += [run.end?.isFailure == false ? "- ended" : "✗ ended"]
        }
        return (words + run.log.modes).joined(separator: " ")
    }

    static func options(_ state: ConsoleState) -> [PaneRow] {
        state.runRows.map { row in
            switch row {
            case .option(let field): option(field, state.run.options, of: state.image.contents)
            case .database:
                PaneRow(
                    StyledLine("Database".padded(to: 11), .textDim)
                        + state.run.database.row(isUsed: state.run.options.database != nil))
            }
        }
    }

    private static func option(_ field: RunOptions.Field, _ options: RunOptions, of image: ImageContents?) -> PaneRow {
        let name = StyledLine(field.rawValue.padded(to: 11), .textDim)
        let text = options.text(of: field)
        guard text.isEmpty else { return PaneRow(name.adding(text)) }
        return PaneRow(name.adding(usual(field, image), .textDim))
    }

    /// What counts for a row that is left to the image or the engine.
    private static func usual(_ field: RunOptions.Field, _ image: ImageContents?) -> String {
        switch field {
        case .ports:
            let ports = image?.ports ?? []
            return ports.isEmpty ? "none" : ports.map { "\($0)" }.joined(separator: " ") + ", as the image says"
        case .volumes, .environmentFile: return "none"
        case .variables: return "those on Secrets"
        case .network: return "the engine's default"
        case .processType: return image?.processes.first { $0.isDefault }?.type ?? "the image's default"
        }
    }

    static func facts(_ state: ConsoleState, width: Int) -> [StyledLine] {
        let run = state.run
        var lines: [StyledLine] = []
        switch run.life {
        case .none:
            let image = state.image.contents.flatMap { $0.manifestDigest == nil ? nil : $0.name }
            let text = image.map { "nothing runs; `r` starts \($0)" } ?? "no image yet; `b` builds one"
            return TextWrap.styled(text, width: width, .textDim)
        case .starting: lines = [StyledLine("starting", .stateRunning)]
        case .stopping: lines = [StyledLine("stopping", .stateRunning)]
        case .running(let status): lines = [StyledLine("running", .stateOK)] + health(status, width)
        case .ended:
            let isFailure = run.end?.isFailure == true
            lines = TextWrap.styled(run.end?.text ?? "", width: width, isFailure ? .stateFailed : .text)
        case .refused(let failure):
            lines = TextWrap.styled(failure.message, width: width, .stateFailed)
            lines += failure.advice.map { TextWrap.styled($0, width: width, .textDim) } ?? []
        }
        return lines + (run.container.map { about($0, state, width) } ?? [])
    }

    private static func health(_ status: ContainerStatus, _ width: Int) -> [StyledLine] {
        switch status.health {
        case nil: []
        case .starting?: [field("health", "not known yet")]
        case .healthy?: [field("health", "healthy")]
        case .unhealthy(let output)?: TextWrap.styled("unhealthy: \(output)", width: width, .stateFailed)
        }
    }

    private static func about(_ status: ContainerStatus, _ state: ConsoleState, _ width: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        if state.run.running != nil, let address = status.address { lines.append(field("address", address)) }
        if !status.ports.isEmpty {
            let ports = status.ports.map { "\($0.machine) → \($0.container)" }
            lines.append(field("ports", ports.joined(separator: ", ")))
        }
        if let seconds = status.seconds { lines.append(field("ran", Amount.seconds(seconds))) }
        lines += [field("image", status.image), field("container", status.shortID)]
        if let database = state.run.database.status, state.run.options.database != nil, database.isRunning {
            lines += TextWrap.styled("database".padded(to: 11) + database.shownURL, width: width, .textDim)
        }
        if isOutdated(status, state) {
            lines += TextWrap.styled(
                "the image was built again since: `r` starts the new one", width: width, .stateWarning)
        }
        return lines
    }

    /// Whether the name stands for another image by now.
    private static func isOutdated(_ status: ContainerStatus, _ state: ConsoleState) -> Bool {
        guard state.run.running != nil, let image = state.image.contents, image.name == status.image,
            !status.imageID.isEmpty
        else { return false }
        let known = [image.imageID, image.manifestDigest].compactMap { $0?.description }
        return !known.isEmpty && !known.contains { $0.hasSuffix(status.imageID) || status.imageID.hasSuffix($0) }
    }

    private static func field(_ name: String, _ value: String) -> StyledLine {
        StyledLine(name.padded(to: 11), .textDim).adding(value)
    }

    /// The mark among the tabs.
    static func mark(_ run: RunState) -> String {
        if run.running != nil { return " ●" }
        switch run.life {
        case .refused: return " ✗"
        case .ended: return run.end?.isFailure == true ? " ✗" : ""
        case .none, .starting, .running, .stopping: return ""
        }
    }

    /// The line on Build and Image.
    static func elsewhere(_ run: RunState) -> StyledLine? {
        switch run.life {
        case .none, .refused: nil
        case .starting: StyledLine("the container is starting, 6 opens it", .status)
        case .stopping: StyledLine("the container is stopping, 6 opens it", .status)
        case .running: StyledLine("running\(run.place.isEmpty ? "" : " on \(run.place)"), 6 opens it", .status)
        case .ended(let status, let wasStopped):
            ContainerEnd(status, wasStopped: wasStopped).asLine
        }
    }
}

extension ContainerEnd {
    /// The line on other screens: only of a failure.
    fileprivate var asLine: StyledLine? {
        isFailure ? StyledLine("the container \(text), 6 opens it", .stateFailed) : nil
    }
}
