/// Everything that the console does on a key, a click or from the palette, by the part that does it.
///
/// The raw value is its name in config.toml.
enum Action: Hashable, Sendable {
    case app(AppAction)
    case list(ListAction)
    case search(SearchAction)
    case project(ProjectScreen.Action)
    case release(ReleaseScreen.Action)
    case secrets(SecretsScreen.Action)
    case build(BuildScreen.Action)
    case log(LogAction)
    case image(ImageScreen.Action)
    case files(ImageScreen.FilesAction)
    case run(RunScreen.Action)
    case images(ImagesScreen.Action)

    /// Where its keys count.
    var group: KeyGroup {
        switch self {
        case .app: .everywhere
        case .list: .lists
        case .search: .search
        case .project: .project
        case .release: .release
        case .secrets: .secrets
        case .build: .build
        case .log: .log
        case .image: .image
        case .files: .files
        case .run: .run
        case .images: .images
        }
    }
}

extension Action: RawRepresentable {
    var rawValue: String {
        switch self {
        case .app(let action): action.rawValue
        case .list(let action): action.rawValue
        case .search(let action): action.rawValue
        case .project(let action): action.rawValue
        case .release(let action): action.rawValue
        case .secrets(let action): action.rawValue
        case .build(let action): action.rawValue
        case .log(let action): action.rawValue
        case .image(let action): action.rawValue
        case .files(let action): action.rawValue
        case .run(let action): action.rawValue
        case .images(let action): action.rawValue
        }
    }

    init?(rawValue: String) {
        guard let binding = KeyTable.defaults.first(where: { $0.action.rawValue == rawValue }) else { return nil }
        self = binding.action
    }
}

/// What can be done on every screen.
enum AppAction: String, Sendable, CaseIterable {
    case showProject = "screen.project"
    case showRelease = "screen.release"
    case showSecrets = "screen.secrets"
    case showBuild = "screen.build"
    case showImage = "screen.image"
    case showRun = "screen.run"
    case showImages = "screen.images"
    case nextPane = "pane.next"
    case previousPane = "pane.previous"
    case logPane = "pane.log"
    case zoom = "pane.zoom"
    case grow = "pane.grow"
    case shrink = "pane.shrink"
    case help, palette, back, quit, interrupt
    case redraw = "screen.redraw"
    case suspend, mouse, theme, ascii, options, build, copy
    case copyAll = "copy.all"
    case edit

    static let keys: [KeyBinding] = [
        KeyBinding(.app(.help), ["?"], hint: "help", "show the keys; type to filter, Enter does one"),
        KeyBinding(.app(.back), ["q", "Esc"], hint: "back", "close what is open, or go back a screen"),
        KeyBinding(.app(.quit), ["Q"], "leave mixpack"),
        KeyBinding(.app(.interrupt), ["C-c"], "cancel the build (asks first); without one, leave"),
        KeyBinding(.app(.palette), [":"], hint: "find", "find an action by its name"),
        KeyBinding(.app(.showProject), ["1"], "go to Project", flag: "mixpack [PATH]"),
        KeyBinding(.app(.showRelease), ["2"], "go to Release", flag: "--release NAME"),
        KeyBinding(.app(.showSecrets), ["3"], "go to Secrets", flag: "-e NAME"),
        KeyBinding(.app(.showBuild), ["4"], "go to Build", flag: "mixpack build IMAGE"),
        KeyBinding(.app(.showImage), ["5"], "go to Image", flag: "mixpack inspect IMAGE"),
        KeyBinding(.app(.showRun), ["6"], "go to Run", flag: "docker logs -f CONTAINER"),
        KeyBinding(.app(.showImages), ["7"], "go to Images", flag: "mixpack images"),
        KeyBinding(
            .app(.build), ["b"], hint: "build", "build the image, or build it again", flag: "mixpack build IMAGE",
            unless: "a build is running, or no project is open"
        ) { !$0.build.life.isAtWork && $0.build.replay == nil && $0.image.inspectedPlace == nil },
        KeyBinding(.app(.nextPane), ["Tab"], hint: "pane", "go to the next pane"),
        KeyBinding(.app(.previousPane), ["S-Tab"], "go to the previous pane"),
        KeyBinding(.app(.logPane), ["0"], "go to the log"),
        KeyBinding(.app(.zoom), ["z"], "give the pane the whole screen, or not"),
        KeyBinding(.app(.grow), ["+"], "make the pane larger"),
        KeyBinding(.app(.shrink), ["_"], "make the pane smaller"),
        KeyBinding(.app(.copy), ["y"], "copy the row, the range or what the pane says"),
        KeyBinding(.app(.edit), ["E"], "open the place in your editor", flag: "$EDITOR FILE"),
        KeyBinding(.app(.copyAll), ["Y"], "copy all that the pane shows"),
        KeyBinding(.app(.mouse), ["M"], "give the mouse to the terminal, or take it", flag: "--no-mouse"),
        KeyBinding(.app(.theme), ["T"], hint: "theme", "choose a theme", flag: "--theme NAME"),
        KeyBinding(.app(.options), ["O"], hint: "options", "options: see and switch settings"),
        KeyBinding(.app(.ascii), ["#"], "draw with ASCII alone, or not", flag: "--ascii"),
        KeyBinding(.app(.redraw), ["C-l"], "draw the screen again"),
        KeyBinding(.app(.suspend), ["C-z"], "stop mixpack and its build; fg continues"),
    ]
}

/// What can be done in every list, log and tree.
enum ListAction: String, Sendable, CaseIterable {
    case up = "move.up"
    case down = "move.down"
    case left = "move.left"
    case right = "move.right"
    case top = "move.top"
    case bottom = "move.bottom"
    case halfUp = "move.half-up"
    case halfDown = "move.half-down"
    case pageUp = "move.page-up"
    case pageDown = "move.page-down"
    case scrollLeft = "scroll.left"
    case scrollRight = "scroll.right"
    case open

    static let keys: [KeyBinding] = [
        KeyBinding(.list(.up), ["Up", "k"], "up"),
        KeyBinding(.list(.down), ["Down", "j"], "down"),
        KeyBinding(.list(.left), ["Left", "h"], "left"),
        KeyBinding(.list(.right), ["Right", "l"], "right"),
        KeyBinding(.list(.top), ["g", "Home"], "to the top"),
        KeyBinding(.list(.bottom), ["G", "End"], "to the bottom"),
        KeyBinding(.list(.halfUp), ["C-u"], "half a page up"),
        KeyBinding(.list(.halfDown), ["C-d"], "half a page down"),
        KeyBinding(.list(.pageUp), ["PgUp"], "a page up"),
        KeyBinding(.list(.pageDown), ["PgDn"], "a page down"),
        KeyBinding(.list(.scrollLeft), ["<"], "half a screen to the left"),
        KeyBinding(.list(.scrollRight), [">"], "half a screen to the right"),
        KeyBinding(
            .list(.open), ["Enter"], hint: "open", "open the row, or go on to the next step",
            unless: "nothing to open here"
        ) {
            $0.focusedPane.enter($0)?.hint != nil
        },
    ]
}

/// What can be done on a screen that is searched.
enum SearchAction: String, Sendable, CaseIterable {
    case search
    case next = "search.next"
    case previous = "search.previous"
    case filter

    static let keys: [KeyBinding] = [
        KeyBinding(
            .search(.search), ["/"], hint: "search", "search the list by regular expression; capitals count when typed"),
        KeyBinding(.search(.next), ["n"], "the next match"),
        KeyBinding(.search(.previous), ["N"], "the previous match"),
        KeyBinding(.search(.filter), ["&"], hint: "filter", "show matching lines of the log or files only"),
    ]
}
