import Lifecycle
import TerminalUI
import Text

/// What came of the last file that was saved while watching.
struct WatchRound: Sendable, Equatable {
    enum Build: Sendable, Equatable {
        case atWork
        case built(seconds: Double)
        case failed
    }

    enum Restart: Sendable, Equatable {
        /// Nothing runs, or the build is not finished.
        case none
        case restarted
        case failed
    }

    /// The file that set it off, relative to the project.
    var file: String
    /// Whether the one before it failed, so that a success is news.
    var hadFailed = false
    var build = Build.atWork
    var restart = Restart.none

    /// Takes how the build ended.
    mutating func end(_ outcome: BuildOutcome?) {
        if case .finished(let report)? = outcome { build = .built(seconds: report.seconds) } else { build = .failed }
    }

    var isFailure: Bool { build == .failed || restart == .failed }

    /// What came of it, in words.
    var result: String {
        let end =
            switch build {
            case .atWork: "building"
            case .built(let seconds): "built \(Amount.shortSeconds(seconds))"
            case .failed: "failed"
            }
        switch restart {
        case .none: return end
        case .restarted: return end + " → restarted"
        case .failed: return end + " → not restarted"
        }
    }

    var role: Role {
        switch build {
        case .atWork: .stateRunning
        case .built: isFailure ? .stateFailed : .stateOK
        case .failed: .stateFailed
        }
    }
}

/// The right end of the top line while files are watched.
struct WatchLine {
    let round: WatchRound?

    /// The most that fits: the file gives way before what came of it.
    func line(in room: Int) -> StyledLine? {
        guard let round else {
            return "watching".columns <= room ? StyledLine("watching", .header) : nil
        }
        let name = round.file.split(separator: "/").last.map(String.init) ?? round.file
        for start in ["watching \(round.file) → ", "\(name) → ", "→ ", ""] {
            guard start.columns + round.result.columns <= room else { continue }
            return StyledLine(start, .header).adding(round.result, round.role)
        }
        return nil
    }
}
