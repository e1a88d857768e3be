import SystemPackage
import TerminalUI

/// All that the console knows.
struct ConsoleState: Sendable {
    var settings: ConsoleSettings
    var keys: KeyTable
    var path: FilePath
    var size = Size(width: 80, height: 24)
    var screen = Screen.project
    /// The pane that has the keys, on each screen.
    var focus: [Screen: Pane] = [:]
    var isZoomed = false
    var growth = 0
    var usesMouse: Bool
    var usesASCII: Bool
    var theme: String
    /// Strokes that begin a key of several.
    var pendingChords: [KeyChord] = []
    var overlay: Overlay?
    var status: StatusMessage?
    var choices: Choices?
    var recent: [RecentProject] = []
    var project = ProjectState()
    var release = ReleaseState()
    var secrets = SecretsState()
    var build = BuildScreenState()
    var image = ImageState()
    /// The image screen shows a place of its own, by `mixpack inspect`.
    var inspectedPlace: String?
    /// Variables that Run still asks for, and what it has been given.
    var runQuestions: [String] = []
    /// The console was left for plain output, which has told the build's end.
    var hasDetached = false

    init(settings: ConsoleSettings, keys: KeyTable, path: FilePath) {
        self.settings = settings
        self.keys = keys
        self.path = path
        usesMouse = settings.usesMouse && settings.allowsMouse
        usesASCII = settings.usesASCII
        theme = settings.theme
    }

    /// Whether something lies over the screen.
    var isCovered: Bool {
        if case .prompt(let prompt)? = overlay { return !prompt.isInline }
        return overlay != nil
    }

    /// The pane that has the keys.
    var focusedPane: Pane { focus[screen] ?? screen.firstPane }

    /// The groups of keys where one is, nearest first.
    var groups: [KeyGroup] {
        (focusedPane.group.map { [$0] } ?? []) + [screen.group, .search, .lists, .everywhere]
    }

    var layout: ConsoleLayout { ConsoleLayout(layoutRequest) }

    var layoutRequest: LayoutRequest {
        LayoutRequest(
            screen: screen, size: size, focus: focusedPane, isZoomed: isZoomed, growth: growth, ideals: idealHeights)
    }

    /// Whether going back would leave the console.
    var isAtRoot: Bool {
        let isFirst = screen == .project || inspectedPlace != nil || build.replay != nil
        let isInMode =
            isZoomed || (screen == .image && image.files.filter != nil) || (screen == .build && build.log.hasMode)
        return isFirst && !isInMode
    }

    /// The name of what is open, for the top line.
    var title: String {
        if let place = inspectedPlace { return place }
        if let replay = build.replay { return replay.name }
        return project.inspection?.project?.app ?? path.lastComponent?.string ?? path.string
    }
}
