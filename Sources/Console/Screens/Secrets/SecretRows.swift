import TerminalUI

/// What the panes of the Secrets screen say.
enum SecretRows {
    /// The variables with what is known of their values; never a secret value.
    static func variables(_ state: SecretsState) -> [PaneRow] {
        guard !state.rows.isEmpty else {
            return [PaneRow(StyledLine(state.knowledge.line + "; `a` adds one for the build", .textDim))]
        }
        let width = min(30, state.rows.map(\.name.columns).max() ?? 0)
        return state.rows.map { row(of: $0, width: width) }
    }

    private static func row(of row: SecretRow, width: Int) -> PaneRow {
        let (mark, role): (String, Role) =
            if row.isMissing { ("!", .stateWarning) } else if row.value != nil { ("✓", .stateOK) } else {
                ("·", .statePending)
            }
        var line = StyledLine("\(mark) ", role).adding(row.name.padded(to: width), .textStrong)
        line.append(
            row.identity.phase == .build ? " build " : " run   ",
            row.identity.phase == .build ? .stateWarning : .textDim)
        line.append(row.shown, row.value == nil ? .fieldPlaceholder : row.isSecret ? .secret : .text)
        if !SecretAdvice.warnings(for: row).isEmpty { line.append(" !", .stateWarning) }
        let detail = row.origin.map { $0.text.truncated(to: 24) } ?? SecretAdvice.need(of: row)
        return PaneRow(line, trailing: StyledLine(detail, .textDim))
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
        for use in row.uses {
            let value = use.defaultValue.map { ", default \($0)" } ?? ""
            lines.append(
                StyledLine("\(use.file):\(use.line)", .link).adding("  \(use.need.rawValue)\(value)", .textDim))
        }
        if case .command(let command) = row.origin { lines.append(StyledLine("$ \(command)", .code)) }
        return lines
    }
}
