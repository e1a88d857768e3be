/// Everything that the console does on a key, a click or from the palette; the raw value is its name in config.toml.
enum Action: String, Sendable, CaseIterable {
    // Everywhere
    case showProject = "screen.project"
    case showRelease = "screen.release"
    case showSecrets = "screen.secrets"
    case showBuild = "screen.build"
    case showImage = "screen.image"
    case nextPane = "pane.next"
    case previousPane = "pane.previous"
    case logPane = "pane.log"
    case zoom = "pane.zoom"
    case grow = "pane.grow"
    case shrink = "pane.shrink"
    case help, palette, back, quit, interrupt
    case redraw = "screen.redraw"
    case suspend
    case mouse
    case theme
    case ascii
    case options
    case build
    case copy
    case copyAll = "copy.all"

    // Lists
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
    case range

    // Search
    case search
    case nextMatch = "search.next"
    case previousMatch = "search.previous"
    case filter

    // Project
    case reload = "project.reload"
    case recent = "project.recent"
    case openRoot = "project.root"
    case edit
    case writeProjectFile = "project.init"

    // Release
    case toggle = "release.toggle"
    case writeRelease = "release.write"
    case buildAll = "build.all"

    // Secrets
    case generate = "secret.generate"
    case importValues = "secret.import"
    case clear = "secret.clear"
    case add = "secret.add"

    // Build
    case cancel = "build.cancel"
    case retry = "build.retry"
    case debug = "build.debug"
    case clearCache = "build.clear-cache"
    case shell = "build.shell"
    case copyCommand = "build.copy-command"
    case history = "build.history"
    case watch = "build.watch"
    case detach = "build.detach"
    case pause = "replay.pause"
    case faster = "replay.faster"
    case slower = "replay.slower"

    // Log
    case follow = "log.follow"
    case wrap = "log.wrap"
    case timestamps = "log.timestamps"
    case nextProblem = "log.next-problem"
    case previousProblem = "log.previous-problem"
    case nextSection = "log.next-section"
    case previousSection = "log.previous-section"
    case level = "log.level"
    case fold = "log.fold"
    case foldAll = "log.fold-all"
    case unfoldAll = "log.unfold-all"
    case save = "log.save"
    case pager = "log.pager"

    // Image
    case run = "image.run"
    case remote = "image.remote"
    case stop = "image.stop"
    case nextFacts = "image.facts"
    case packages = "image.packages"
    case compare = "image.compare"
    case export = "image.export"

    // Files
    case openNode = "files.open"
    case parent = "files.parent"
    case foldNode = "files.fold"
    case foldNodes = "files.fold-all"
    case unfoldNodes = "files.unfold-all"
    case showAdded = "files.added"
    case showModified = "files.modified"
    case showDeleted = "files.deleted"
    case showUnmodified = "files.unmodified"
    case aggregate = "files.aggregate"
    case sort = "files.sort"
    case permissions = "files.permissions"
    case view = "files.view"
    case extract = "files.extract"
    case waste = "files.waste"
}

extension Action {
    /// Whether it only moves, shows, marks, copies or ends something that is open, so that no flag could stand for it.
    var staysInside: Bool {
        switch self {
        case .nextPane, .previousPane, .logPane, .zoom, .grow, .shrink, .help, .palette, .back, .quit, .interrupt,
            .redraw,
            .suspend, .options, .copy, .copyAll, .up, .down, .left, .right, .top, .bottom, .halfUp, .halfDown, .pageUp,
            .pageDown, .scrollLeft, .scrollRight, .open, .range, .search, .nextMatch, .previousMatch, .filter, .toggle,
            .clear, .cancel, .copyCommand, .history, .pause, .slower, .follow, .wrap, .timestamps, .nextProblem,
            .previousProblem, .nextSection, .previousSection, .level, .fold, .foldAll, .unfoldAll, .nextFacts,
            .openNode,
            .parent, .foldNode, .foldNodes, .unfoldNodes, .showAdded, .showModified, .showDeleted, .showUnmodified,
            .aggregate, .sort, .permissions, .view:
            true
        default: false
        }
    }
}
