import Lifecycle
import TerminalUI

/// The line above the footer: a message, or how the build stands.
struct StatusView {
    private let state: ConsoleState

    init(_ state: ConsoleState) { self.state = state }

    func draw(in rect: Rect, on canvas: inout Canvas) {
        canvas.fill(rect, .status)
        let inside = rect.inset(columns: 1, rows: 0)
        let bar = state.screen == .build ? progressBar(width: min(20, rect.width / 4)) : nil
        canvas.draw(left, in: inside, trailing: bar ?? modes)
    }

    private var left: StyledLine {
        if !state.pendingChords.isEmpty {
            return StyledLine(state.pendingChords.map(\.description).joined(separator: " ") + " …", .statusMode)
        }
        if let status = state.status { return StyledLine(status.text, status.isProblem ? .stateFailed : .status) }
        switch state.screen {
        case .build: return buildLine
        case .secrets where !state.secrets.missing.isEmpty:
            return StyledLine(
                "\(state.secrets.missing.count) required and not set; Run asks for what the container needs", .status)
        default: return StyledLine()
        }
    }

    private var buildLine: StyledLine {
        let build = state.build.build
        switch build.outcome {
        case nil: return runningLine(build)
        case .finished(let report)?:
            let word = report.isUnchanged ? "unchanged, checked" : "built"
            return StyledLine("✓ \(report.image) \(word) in \(Seconds.text(report.seconds))", .stateOK)
                .adding("  \(report.imageID.short)  5 opens it", .textDim)
        case .failed(let failure)?: return StyledLine("✗ \(failure.message)", .stateFailed)
        case .cancelled?: return StyledLine("- cancelled; the image before is as it was", .stateSkipped)
        case .lost?: return StyledLine("✗ the build ended without a word; the image before is as it was", .stateFailed)
        }
    }

    private func runningLine(_ build: BuildState) -> StyledLine {
        if state.build.isCancelling { return StyledLine("cancelling…", .statusMode) }
        guard build.isRunning || state.build.running != nil else {
            return StyledLine("no build yet; b starts one", .textDim)
        }
        var line = StyledLine()
        if let command = build.currentCommand {
            line.append("$ \(command.text)", .code)
        } else {
            line.append("\(build.runningPhase?.phase.rawValue ?? "starting")…", .stateRunning)
        }
        return line
    }

    private var modes: StyledLine? {
        guard state.isZoomed else { return nil }
        return StyledLine("zoomed", .statusMode)
    }

    private func progressBar(width: Int) -> StyledLine? {
        if let replay = state.build.replay {
            let word =
                replay.isPaused
                ? "paused"
                : replay.isAtEnd ? "end" : "x\(Decimals.text(replay.speed, digits: replay.speed < 1 ? 2 : 0))"
            return StyledLine(
                "replay \(word) \(Seconds.clock(replay.position))/\(Seconds.clock(replay.length))", .statusMode)
        }
        guard state.build.build.isRunning else { return modes }
        let fresh = state.build.log.newLines(in: state.build.build.log)
        if fresh > 0 { return StyledLine("↓ \(Decimals.grouped(fresh)) new", .statusMode) }
        if let fraction = state.build.build.progress?.fraction {
            let done = Int((fraction * Double(width)).rounded())
            return StyledLine(String(repeating: "█", count: done), .progressDone)
                .adding(String(repeating: "░", count: width - done), .progressRest)
        }
        return state.build.remaining.map { StyledLine("about \(Seconds.text(max(1, $0))) to go", .textDim) }
    }
}
