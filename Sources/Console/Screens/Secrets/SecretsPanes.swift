import MixInspection
import TerminalUI

extension Screen {
    static let secrets: Screen = .init(
        number: 3, title: "Secrets", keys: .secrets, panes: [.variables, .explanation], firstPane: .variables,
        status: { state in
            let waiting = state.secrets.unfetched.count
            if waiting > 0 { return StyledLine("\(waiting) with a source and not fetched yet; f fetches all", .status) }
            let count = state.secrets.missing.count
            guard count > 0 else { return StyledLine() }
            return StyledLine("\(count) required and not set; Build and Run ask for what they need", .status)
        },
        next: { state in
            state.build.life.isAtWork
                ? Next(title: "Build", action: .app(.showBuild)) : Next(title: "Build", action: .app(.build))
        }, place: { $0.secrets.selectedPlace }
    ) { request, kind, body in
        switch kind {
        case .tooSmall: return []
        case .stacked: return request.column([.variables, .explanation], in: body)
        case .two, .three:
            // A value that is cut says less than an explanation with another line.
            let width = kind == .two ? min(46, body.width * 2 / 5) : 72
            let (left, right) = body.split(right: width - request.growth(left: [.variables]))
            return [(.variables, left), (.explanation, right)]
        }
    }
}

extension Pane {
    static let variables: Pane = .init(
        name: "variables", title: { _ in "Variables" },
        content: ListContent(cursor: \.secrets.cursor) { state in
            SecretRows.variables(state.secrets, width: (state.layout.rect(of: .variables)?.width ?? 80) - 4)
        },
        height: { max(1, $0.secrets.rows.count) },
        choose: { _ in .secrets(.askForValue) }, place: { $0.secrets.selectedPlace })

    static let explanation: Pane = .init(
        name: "explanation", title: { _ in "About it" },
        content: TextContent { SecretRows.explanation($0.secrets, width: $1) }, height: { _ in 6 },
        place: { $0.secrets.selectedPlace })
}

extension SecretsState {
    fileprivate var selectedPlace: FilePlace? {
        selected?.uses.first.map { FilePlace(file: $0.file, line: $0.line) }
    }
}

/// What the panes of the Secrets screen say.
enum SecretRows {
    /// The variables with what is known of their values; never a secret value.
    static func variables(_ state: SecretsState, width: Int) -> [PaneRow] {
        guard !state.rows.isEmpty else {
            return [PaneRow(StyledLine(state.knowledge.line + "; `a` adds one for the build", .textDim))]
        }
        let showsDetail = width >= 60
        // Mark, phase and value keep their columns; what is left is for the name.
        let room = width - 9 - valueWidth - (showsDetail ? 16 : 0)
        let name = min(max(12, room), state.rows.map(\.name.columns).max() ?? 0)
        return state.rows.map { row(of: $0, name: name, showsDetail: showsDetail) }
    }

    /// The columns that a value has at the least: `••• (128 chars) !`.
    private static let valueWidth = 17

    private static func row(of row: SecretRow, name width: Int, showsDetail: Bool) -> PaneRow {
        let (mark, role): (String, Role) =
            if row.isMissing { ("!", .stateWarning) } else if row.value != nil { ("✓", .stateOK) } else {
                ("·", .statePending)
            }
        var line = StyledLine("\(mark) ", role).adding(
            row.name.shortened(to: width).padded(to: width), .textStrong)
        line.append(
            row.identity.phase == .build ? " build " : " run   ",
            row.identity.phase == .build ? .stateWarning : .textDim)
        line.append(row.shown, row.value == nil ? .fieldPlaceholder : row.isSecret ? .secret : .text)
        if !SecretAdvice.warnings(for: row).isEmpty { line.append(" !", .stateWarning) }
        var pane = PaneRow(line)
        if row.name.columns > width { pane.whole = "\(row.name) \(row.identity.phase.rawValue) \(row.shown)" }
        guard showsDetail else { return pane }
        let detail = row.origin.map { $0.text.truncated(to: 24) } ?? SecretAdvice.need(of: row)
        pane.trailing = StyledLine(detail, .textDim)
        return pane
    }

    /// The chosen variable, explained; without one, why none is known.
    static func explanation(_ state: SecretsState, width: Int) -> [StyledLine] {
        guard let row = state.selected else {
            return state.knowledge.reason.map { TextWrap.styled($0, width: width, .stateWarning) } ?? []
        }
        var lines = [StyledLine(row.name, .textStrong).adding("  \(SecretAdvice.need(of: row))", .textDim)]
        lines += TextWrap.styled(SecretAdvice.explanation(for: row), width: width)
        for warning in SecretAdvice.warnings(for: row) {
            lines += TextWrap.styled("warning: \(warning)", width: width, .stateWarning)
        }
        if let purpose = row.uses.lazy.compactMap(\.purpose).first {
            lines += TextWrap.styled(purpose, width: width)
        }
        for use in row.uses {
            lines.append(
                StyledLine("\(use.file):\(use.line)", .link).adding("  \(SecretAdvice.words(of: use))", .textDim))
        }
        if case .command(let command) = row.origin { lines.append(StyledLine("$ \(command)", .code)) }
        return lines
    }
}

/// What the user should know of a variable and its value, in plain words.
enum SecretAdvice {
    /// Warnings on the row's value and on where it goes; empty where all is well.
    static func warnings(for row: SecretRow) -> [String] {
        var warnings: [String] = []
        if let problem = row.problem { warnings.append(problem) }
        if row.isSecret && row.identity.phase == .build
            && (row.uses.isEmpty || row.uses.contains(where: \.mayEndInImage))
        {
            let place = row.uses.first.map { " (\($0.file):\($0.line))" } ?? ""
            warnings.append(
                "read while building\(place): the value may be compiled into the image. Read it in config/runtime.exs"
                    + " instead, and it stays out.")
        }
        guard let value = row.value else { return warnings }
        if row.name == "SECRET_KEY_BASE" && value.count < 64 {
            warnings.append("\(value.count) characters: Phoenix wants 64 or more. `s` makes one.")
        } else if row.isSecret && value.count < 6 {
            warnings.append("shorter than 6 characters: too short to be found and masked in a log.")
        }
        return warnings
    }

    /// When the variable is read, and what that means.
    static func explanation(for row: SecretRow) -> String {
        switch row.identity.phase {
        case .build:
            "Read while the release is built. The build gets the value; the container does not need it."
        case .run:
            "Read when the container starts. The build does not get the value and the image does not hold it; Run asks"
                + " for it, and `docker run -e \(row.name)` passes it on."
        }
    }

    /// What one place does with the variable, in plain words.
    static func words(of use: ProjectVariable) -> String {
        switch use.need {
        case .conditional:
            "required \(use.condition ?? "on a condition")" + (use.conditionLine.map { " (line \($0))" } ?? "")
        case .default, .flag, .required, .optional:
            use.need.rawValue + (use.shownDefault.map { ", default \($0)" } ?? "")
        }
    }

    /// The need in plain words.
    static func need(of row: SecretRow) -> String {
        switch row.need {
        case .required: "required"
        case .conditional: "required on a condition"
        case .default: "has a default"
        case .flag: "a switch"
        case .optional: row.uses.isEmpty ? "added by you" : "optional"
        }
    }
}
