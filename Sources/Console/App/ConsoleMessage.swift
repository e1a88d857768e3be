import Lifecycle
import MixInspection
import OCIImage
import SystemPackage
import TerminalUI

/// What happened.
enum ConsoleMessage: Sendable {
    case input(InputEvent)
    case perform(Action)
    case inspected(ProjectInspection)
    case trustKept(Result<FilePath, ConsoleFailure>)
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
    case filesOpened(FilesState.Key, Result<FileTree, ConsoleFailure>)
    case fileRead(String, Result<[UInt8], ConsoleFailure>)
    case efficiencyKnown(Result<ImageEfficiency, ConsoleFailure>)
    case reportWritten(Result<String, ConsoleFailure>)
    case ranInteractively(String, Result<Int32, ConsoleFailure>)
    case containersStopped(Result<String, ConsoleFailure>)
    case containerLine(String)
    case containerEnded
    case sourceChanged
    case attached(PlainOutputEnd)
    case themesLoaded(Result<[Theme]?, ConsoleFailure>)
    case previousImageKnown(id: String, Result<[LifecycleEvent], ConsoleFailure>)
    case previousImageOpened(Result<EarlierImage, ConsoleFailure>)
    case packagesKnown(Result<[ImagePackage], ConsoleFailure>)
    case copied(String, ClipboardReceipt?)
    case releaseProposed(Result<MixFileEdit, ConsoleFailure>)
    case editWritten(Result<FilePath, ConsoleFailure>)
    case projectFileWritten(Result<FilePath?, ConsoleFailure>)
    case saved(Result<FilePath, ConsoleFailure>)
}
