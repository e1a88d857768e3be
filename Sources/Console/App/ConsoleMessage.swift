import SystemPackage
import TerminalUI

/// What happened, by the part of the console that receives it.
enum ConsoleMessage: Sendable {
    case input(InputEvent)
    case perform(Action)
    case app(AppMessage)
    case project(ProjectScreen.Message)
    case release(ReleaseScreen.Message)
    case secrets(SecretsScreen.Message)
    case build(BuildScreen.Message)
    case image(ImageScreen.Message)
    case run(RunScreen.Message)
    case images(ImagesScreen.Message)
}

/// What the console around the screens receives.
enum AppMessage: Sendable {
    // From screens
    case say(String)
    /// Show what went wrong, or only while a screen is shown.
    case problem(String, on: Screen? = nil)
    /// Tell the user that something long is over, in another window too.
    case announce(String)
    case open(Overlay)
    case close
    /// The text in the prompt is wrong for this reason, or right.
    case judgeTyped(problem: String?)
    case show(Screen)
    case focus(Pane, on: Screen)
    /// Focus a pane if the screen is too narrow to show it otherwise.
    case reveal(Pane, on: Screen)
    case copy(String)
    /// Ask where a text is saved, with a name in the folder for such files as the answer.
    case askToSave(name: String, text: String)
    case save(FilePath, text: String)
    /// Ask where a file of the image is written to.
    case askToExtract(FileLocation)
    case runOnTerminal(String, @Sendable () async throws -> InteractiveCommand)
    case keepChoices
    case openProject(FilePath)
    case openUmbrella(FilePath, builds: Bool)
    /// Copy this folder around the project too, and build if a build waits for the answer.
    case useContext(FilePath)
    /// Build these releases in a row; without any, the chosen one.
    ///
    /// A build that nobody asked for, because a file was saved, leaves the screen as it is.
    case startBuild(releases: [String], showsBuild: Bool = true)
    case listSearch(ListSearchMessage)
    /// What a build needs was not given: it is not built, for this reason.
    case dropBuild(String)

    // From pickers
    case previewTheme(String)
    case chooseTheme(String)
    case chooseOption(Action)
    case reopenOptions(selection: Int)
    /// The list of options was closed.
    case leftOptions
    /// Whether what is chosen for the console counts the next time too.
    case keepPreferences(Bool)
    /// Keep what is chosen now, if the user wants that.
    case savePreferences

    // From the world
    case choicesLoaded(Choices?)
    case themesLoaded([Theme]?)
    case copied(String, ClipboardReceipt?)
    case saved(FilePath)
    case ranOnTerminal(String, status: Int32)
}
