import TerminalUI

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
                line.append(" \(Seconds.text(seconds))", .number)
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
