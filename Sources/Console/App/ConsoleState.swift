import SystemPackage
import TerminalUI

/// All that the console knows: what the screens share, and each screen's own state.
struct ConsoleState: Sendable {
    var settings: ConsoleSettings
    var keys: KeyTable
    var size = Size(width: 80, height: 24)
    var screen = Screen.project
    /// The pane that has the keys, on each screen.
    var focus: [Screen: Pane] = [:]
    /// Whether the window has the keyboard, as far as the terminal says.
    var hasWindowFocus = true
    var isZoomed = false
    var growth = 0
    /// What was last kept of the choices for the console.
    var preferences: ConsolePreferences
    var usesMouse: Bool
    var usesASCII: Bool
    var theme: String
    /// Strokes that begin a key of several.
    var pendingChords: [KeyChord] = []
    var overlay: Overlay?
    var status: StatusMessage?
    /// A build that waits for the look at the project, or for an answer: its releases, or none for the chosen one.
    var pendingBuild: [String]?
    /// The search in a list, while there is one.
    var listSearch: ListSearch?
    /// What was last kept of the choices on Release and Secrets.
    var choices: Choices?

    var project: ProjectState
    var release = ReleaseState()
    var secrets = SecretsState()
    var build = BuildScreenState()
    var image = ImageState()
    var run = RunState()
    var images = ImagesState()

    init(settings: ConsoleSettings, keys: KeyTable, path: FilePath) {
        self.settings = settings
        self.keys = keys
        project = ProjectState(path: path)
        usesMouse = settings.usesMouse && settings.allowsMouse
        usesASCII = settings.usesASCII
        theme = settings.theme
        preferences = settings.preferences
        build.log.kept.wraps = settings.wrapsLog
        run.log.kept.wraps = settings.wrapsLog
        // What the settings say, from wherever, is no choice of this run.
        let keeps = preferences.keeps
        preferences = chosenPreferences
        preferences.keeps = keeps
    }

    /// The choices that fill in variables: those of the build only if the command line did not ask for the build whole.
    var keptChoices: Choices? {
        guard var choices, !release.countsLastChoice else { return choices }
        choices.buildVariables = [:]
        return choices
    }

    /// Whether an overlay hides the screen's focus.
    var isCovered: Bool {
        if case .prompt(let prompt)? = overlay { return prompt.live == nil }
        return overlay != nil
    }

    var focusedPane: Pane { focus[screen] ?? screen.firstPane }

    /// What Enter does here: what the pane does with its row, or else the next step.
    var enter: ConsoleMessage? {
        focusedPane.enter(self)?.message ?? screen.next(self).flatMap { $0.isEntered ? .perform($0.action) : nil }
    }

    /// The groups of keys that count here, nearest first.
    var groups: [KeyGroup] {
        (focusedPane.keys.map { [$0] } ?? []) + [screen.keys, .search, .lists, .everywhere]
    }

    /// Whether going back would leave the console.
    var isAtRoot: Bool {
        (screen == .project || (screen != .run && (image.inspectedPlace != nil || build.replay != nil))) && !isZoomed
            && !screen.panes.contains { $0.leaveMode(self) != nil }
    }

    /// The name of what is open, for the top line.
    var title: String {
        let path = project.path
        return image.inspectedPlace ?? build.replay?.name ?? project.inspection?.project?.app
            ?? path.lastComponent?.string ?? path.string
    }

    /// The same for the window's title, with what came of the last file that was saved.
    var windowTitle: String {
        guard build.kept.watches, let round = build.kept.round else { return title }
        return "\(title) \(round.result)"
    }

    var currentTheme: Theme { settings.themes.first { $0.name == theme } ?? .terminal }

    /// The help or the palette: the nearest groups first in help, all in the palette.
    func actionPicker(_ mode: ActionPicker<Action>.Mode) -> Overlay {
        .actions(
            keys.picker(mode, first: groups) { action in
                guard let binding = KeyTable.bindings[action] else { return nil }
                return binding.isUseful(self) ? nil : binding.unless
            })
    }

    // MARK: Layout

    var layout: ConsoleLayout {
        ConsoleLayout(
            LayoutRequest(
                screen: screen, size: size, focus: focusedPane, isZoomed: isZoomed, growth: growth,
                ideals: idealHeights))
    }

    /// The rows that the panes of the screen would like; a pane without anything to say is left out.
    var idealHeights: [Pane: Int] {
        Dictionary(uniqueKeysWithValues: screen.panes.map { ($0, $0.height(self)) }).filter { $0.value > 0 }
    }

    /// The rows that a pane shows at once.
    func height(of pane: Pane) -> Int { max(1, (layout.rect(of: pane)?.height ?? 3) - 2) }

    /// Brings cursors and windows within what there is: after every update, and for a screen of another size.
    mutating func settle() {
        for (pane, rect) in layout.panes {
            let inside = Size(width: max(1, rect.width - 4), height: max(0, rect.height - 2))
            pane.content.fit(&self, to: inside)
        }
    }
}

/// The line above the footer: what was just done, or what went wrong.
struct StatusMessage: Sendable, Equatable {
    var text: String
    var isProblem = false
}
