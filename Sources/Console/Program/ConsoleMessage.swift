import Lifecycle
import SystemPackage
import TerminalUI

/// What happened.
enum ConsoleMessage: Sendable {
    case input(InputEvent)
    case perform(Action)
    case inspected(ProjectInspection)
    case choicesLoaded(Choices?)
    case recentLoaded([RecentProject])
    case secretArrived(SecretRow.Identity, SecretRow.Origin, Result<SecretValue, ConsoleFailure>)
    case variablesRead(SecretRow.Origin, Result<[String: SecretValue], ConsoleFailure>)
    case buildStarted(generation: Int, BuildHandle)
    case buildEvent(generation: Int, LifecycleEvent)
    case buildEnded(generation: Int)
    case pastBuildsLoaded([PastBuild])
    case pastBuildLoaded(id: String, Result<[LifecycleEvent], ConsoleFailure>)
    /// Time to look at the clock.
    case wake
    /// The clock's reading.
    case tick(Double)
    /// Time to look at more of the log.
    case lookOn
    case imageOpened(Result<ImageContents, ConsoleFailure>)
    case ranInteractively(String, Result<Int32, ConsoleFailure>)
    case copied(String, ClipboardReceipt?)
    case saved(Result<FilePath, ConsoleFailure>)
}
