import Diagnostics
import TerminalUI

/// What the Run screen knows of the database beside the container.
struct DatabaseState: Sendable {
    /// What the engine said last; `nil` if it was not asked yet.
    var look: DatabaseLook?
    /// What is being done with it, such as `starting`.
    var work: String?
    /// Why the last of that could not be done.
    var failure: Failure?

    var status: DatabaseStatus? { look?.status }

    /// The variable that leads to it.
    static let variable = "DATABASE_URL"

    /// What is wrong with an image's name; `nil` if it can be taken.
    static func problem(withImage text: String) -> String? {
        if text.isEmpty { return "name an image of Postgres, such as postgres:17" }
        return text.hasPrefix("-") || text.contains { $0.isWhitespace } ? "that is not the name of an image" : nil
    }

    /// How it is, in a row: a mark, its name and its image.
    func row(isUsed: Bool) -> StyledLine {
        if let work { return StyledLine("○ \(work)", .stateRunning) }
        if let failure { return StyledLine("✗ \(failure.message)", .stateFailed) }
        guard let look else { return StyledLine("not known yet", .textDim) }
        guard let status = look.status else {
            let image = look.images.first.map { "e starts \(Self.short($0))" }
            return StyledLine("none; \(image ?? "the engine has no image of Postgres, e names one")", .textDim)
        }
        let about = "\(status.name), \(Self.short(status.image))"
        guard isUsed else { return StyledLine("not used: \(about)", .textDim) }
        guard status.isRunning else { return StyledLine("- stopped, r starts it too: \(about)", .textDim) }
        switch status.isReady {
        case true?: return StyledLine("● \(about)", .stateOK)
        case false?: return StyledLine("○ accepts no connections yet: \(about)", .stateRunning)
        case nil: return StyledLine("● \(about); not known whether it is ready", .stateOK)
        }
    }

    /// An image's name as people write it.
    static func short(_ image: String) -> String {
        for prefix in ["localhost/", "docker.io/library/"] where image.hasPrefix(prefix) {
            return String(image.dropFirst(prefix.count))
        }
        return image
    }
}

/// A row of the pane With.
enum RunRow: Sendable, Hashable {
    case option(RunOptions.Field)
    case database

    /// The rows; that of the database only for a project that reads where it is.
    static func all(_ run: RunState, readsDatabase: Bool) -> [RunRow] {
        RunOptions.Field.allCases.map { .option($0) }
            + (readsDatabase || run.options.database != nil ? [.database] : [])
    }
}

extension ConsoleState {
    /// Whether the project asks for a database when it starts.
    var readsDatabase: Bool {
        image.inspectedPlace == nil && build.replay == nil
            && project.inspection?.project?.variables.contains {
                $0.name == DatabaseState.variable && $0.phase == .run
            } == true
    }

    var runRows: [RunRow] { RunRow.all(run, readsDatabase: readsDatabase) }
}
