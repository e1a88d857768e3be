import Diagnostics
import TerminalUI

/// The Run screen: the container of the project's image, what it prints, and what it is started with.
struct RunState: Sendable {
    /// How far the container is.
    enum Life: Sendable {
        case none
        case starting
        case running(ContainerStatus)
        /// It was told to stop; its end has not come yet.
        case stopping(ContainerStatus)
        case ended(ContainerStatus, wasStopped: Bool)
        case refused(Failure)

        var isChanging: Bool {
            switch self {
            case .starting, .stopping: true
            case .none, .running, .ended, .refused: false
            }
        }
    }

    /// Creates the state of a project that nothing runs of.
    init() {}

    /// The state of the next project: of the one before, only how the log is looked at stays.
    init(after before: RunState) { log = LogState(kept: before.log.kept) }

    var life = Life.none
    /// The image that was opened last.
    var image: ImageContents?
    /// Whether a new image was built for what runs: it is started once the image is open.
    var awaitsImage = false
    /// Whether the container that is starting is started for a watched build.
    var isRestart = false
    var log = LogState()
    var output = ContainerLog()
    var options = RunOptions()
    var form = ListState()
    /// The first line of the facts that is shown.
    var factsTop = 0
    /// The clock's reading now, in seconds since 1970; runs while the screen is shown and a container runs.
    var now = 0.0
    /// What was typed to be run once.
    var commands = SearchHistory()
    /// The database beside it.
    var database = DatabaseState()
    /// The container that ran when another was started in its place.
    var before: ContainerStatus?
    /// Whether a command is being run once.
    var isRunningOnce = false

    /// The container that runs.
    var running: ContainerStatus? {
        switch life {
        case .running(let status), .stopping(let status): status
        case .none, .starting, .ended, .refused: nil
        }
    }

    /// The container that runs or ran last.
    var container: ContainerStatus? {
        if case .ended(let status, _) = life { return status }
        return running
    }

    /// Why the container ended.
    var end: ContainerEnd? {
        guard case .ended(let status, let wasStopped) = life else { return nil }
        return ContainerEnd(status, wasStopped: wasStopped, lastWords: output.lastWords)
    }

    /// Where it answers: `:4000`, or nothing if no port is published.
    var place: String { running?.ports.first.map { ":\($0.machine)" } ?? "" }
}

extension RunState: LogHolder {
    static let savedName = "mixpack-container.log"
    static let place = (pane: Pane.containerLog, screen: Screen.run)
    static let lookingOn: EffectID = "look-on-container"

    static func message(_ message: LogMessage) -> ConsoleMessage { .run(.log(message)) }

    var text: LogText { LogText(lines: output.lines) }
    var logFile: String? { nil }
}
