extension KeyTable {
    /// Every action with its keys: the one table behind keys, footer, help, palette and docs/keys.md.
    ///
    /// Left out on purpose: Ctrl-A and Ctrl-B (tmux, screen), Ctrl-S and Ctrl-Q (flow control), Ctrl-M and Ctrl-I (Enter
    /// and Tab), and keys that only some keyboards have.
    static let defaults: [KeyBinding] = everywhere + lists + steps + building + imaging

    private static let everywhere: [KeyBinding] = [
        KeyBinding(.help, .everywhere, ["?"], hint: "help", "show the keys; type to filter, Enter does one"),
        KeyBinding(.back, .everywhere, ["q", "Esc"], hint: "back", "close what is open, or go back a screen"),
        KeyBinding(.quit, .everywhere, ["Q"], "leave mixpack"),
        KeyBinding(.interrupt, .everywhere, ["C-c"], "cancel the build (asks first); without one, leave"),
        KeyBinding(.palette, .everywhere, [":"], "find an action by its name"),
        KeyBinding(.showProject, .everywhere, ["1"], "go to Project", flag: "mixpack [PATH]"),
        KeyBinding(.showRelease, .everywhere, ["2"], "go to Release", flag: "--release NAME"),
        KeyBinding(.showSecrets, .everywhere, ["3"], "go to Secrets", flag: "-e NAME"),
        KeyBinding(.showBuild, .everywhere, ["4"], "go to Build", flag: "mixpack build IMAGE"),
        KeyBinding(.showImage, .everywhere, ["5"], "go to Image", flag: "mixpack inspect IMAGE"),
        KeyBinding(
            .build, .everywhere, ["b"], hint: "build", "build the image, or build it again", flag: "mixpack build IMAGE"
        ),
        KeyBinding(.nextPane, .everywhere, ["Tab"], hint: "pane", "go to the next pane"),
        KeyBinding(.previousPane, .everywhere, ["S-Tab"], "go to the pane before"),
        KeyBinding(.logPane, .everywhere, ["0"], "go to the log"),
        KeyBinding(.zoom, .everywhere, ["z"], "give the pane the whole screen, or not"),
        KeyBinding(.grow, .everywhere, ["+"], "make the pane larger"),
        KeyBinding(.shrink, .everywhere, ["_"], "make the pane smaller"),
        KeyBinding(.copy, .everywhere, ["y"], "copy the row, the range or what the pane says"),
        KeyBinding(.edit, .everywhere, ["E"], "open the place in your editor", flag: "$EDITOR FILE"),
        KeyBinding(.copyAll, .everywhere, ["Y"], "copy all that the pane shows"),
        KeyBinding(.mouse, .everywhere, ["M"], "give the mouse to the terminal, or take it", flag: "--no-mouse"),
        KeyBinding(.theme, .everywhere, ["T"], "choose a theme", flag: "--theme NAME"),
        KeyBinding(.options, .everywhere, ["O"], "options: what can be switched, and how it stands"),
        KeyBinding(.ascii, .everywhere, ["#"], "draw with ASCII alone, or not", flag: "--ascii"),
        KeyBinding(.redraw, .everywhere, ["C-l"], "draw the screen again"),
        KeyBinding(.suspend, .everywhere, ["C-z"], "stop mixpack and its build; fg goes on"),
    ]

    private static let lists: [KeyBinding] = [
        KeyBinding(.up, .lists, ["Up", "k"], "up"),
        KeyBinding(.down, .lists, ["Down", "j"], "down"),
        KeyBinding(.left, .lists, ["Left", "h"], "left"),
        KeyBinding(.right, .lists, ["Right", "l"], "right"),
        KeyBinding(.top, .lists, ["g", "Home"], "to the top"),
        KeyBinding(.bottom, .lists, ["G", "End"], "to the bottom"),
        KeyBinding(.halfUp, .lists, ["C-u"], "half a page up"),
        KeyBinding(.halfDown, .lists, ["C-d"], "half a page down"),
        KeyBinding(.pageUp, .lists, ["PgUp"], "a page up"),
        KeyBinding(.pageDown, .lists, ["PgDn", "Space"], "a page down"),
        KeyBinding(.scrollLeft, .lists, ["<"], "half a screen to the left"),
        KeyBinding(.scrollRight, .lists, [">"], "half a screen to the right"),
        KeyBinding(.open, .lists, ["Enter"], hint: "open", "open, choose or change the row"),
        KeyBinding(.range, .lists, ["v"], "mark a range of rows"),
        KeyBinding(.search, .search, ["/"], hint: "search", "search by regular expression; capitals count when typed"),
        KeyBinding(.nextMatch, .search, ["n"], "the next match"),
        KeyBinding(.previousMatch, .search, ["N"], "the match before"),
        KeyBinding(.filter, .search, ["&"], hint: "filter", "show matching rows only"),
    ]

    private static let steps: [KeyBinding] = [
        KeyBinding(.recent, .project, ["o"], hint: "other project", "open another project", flag: "mixpack PATH"),
        KeyBinding(
            .openRoot, .project, ["u"], hint: "umbrella", "open the umbrella that this project belongs to",
            flag: "--path DIR"),
        KeyBinding(.reload, .project, ["r"], hint: "reload", "look at the project again", flag: "mixpack detect"),
        KeyBinding(
            .writeProjectFile, .project, ["w"], "write a project.toml with comments; asks before replacing one",
            flag: "mixpack init"),
        KeyBinding(.toggle, .release, ["Space", "x"], hint: "change", "switch the row on or off"),
        KeyBinding(
            .writeRelease, .release, ["W"], "write the proposed releases: to mix.exs; shows the change and asks",
            flag: "--write-releases"),
        KeyBinding(
            .buildAll, .release, ["A"], "build every release, each as an image of its own", flag: "--all-releases"),
        KeyBinding(
            .generate, .secrets, ["s"], hint: "generate", "make a random value of 64 characters",
            flag: "--secret-from-command 'NAME=openssl rand -hex 32'"),
        KeyBinding(
            .importValues, .secrets, ["i"], hint: "import", "import from a file, the environment or a command",
            flag: "--env-file FILE, -e NAME, --secret-from-command NAME=COMMAND"),
        KeyBinding(.clear, .secrets, ["x", "Del"], hint: "clear", "forget the value"),
        KeyBinding(.add, .secrets, ["a"], hint: "add", "add a variable of the build", flag: "-e NAME=VALUE"),
    ]

    private static let building: [KeyBinding] = [
        KeyBinding(.cancel, .build, ["c"], hint: "cancel", "cancel the build"),
        KeyBinding(
            .retry, .build, ["r"], "build again with the same choices", flag: "mixpack build IMAGE"),
        KeyBinding(.clearCache, .build, ["X"], "build again with an empty cache", flag: "--clear-cache"),
        KeyBinding(
            .debug, .build, ["D"], "print every command as it is run, from the next build on", flag: "-e DEBUG=1"),
        KeyBinding(.watch, .build, ["a"], "build again whenever a file is saved, or not", flag: "--watch"),
        KeyBinding(.shell, .build, ["!"], "a shell in the build's folder, with its environment", flag: "mixpack shell"),
        KeyBinding(.copyCommand, .build, ["C"], "copy the command that failed, or the last one"),
        KeyBinding(.history, .build, ["H"], "past builds of the project"),
        KeyBinding(
            .detach, .build, ["d"], "go on with plain output; Enter brings the console back", flag: "--ui plain"),
        KeyBinding(.pause, .build, ["p"], "replay: pause or go on"),
        KeyBinding(.faster, .build, [")"], "replay: twice as fast", flag: "mixpack replay --speed N"),
        KeyBinding(.slower, .build, ["("], "replay: half as fast"),
        KeyBinding(.follow, .log, ["f"], hint: "follow", "follow the end of the log, or not"),
        KeyBinding(.wrap, .log, ["w"], hint: "wrap", "wrap long lines, or not"),
        KeyBinding(.nextProblem, .log, ["e"], hint: "next error", "the next error or warning"),
        KeyBinding(.previousProblem, .log, ["E"], "the error or warning before"),
        KeyBinding(.nextSection, .log, ["}"], "the next phase or command"),
        KeyBinding(.previousSection, .log, ["{"], "the phase or command before"),
        KeyBinding(.timestamps, .log, ["t"], "times: none, since the start, since the line before"),
        KeyBinding(.level, .log, ["L"], "lines: all, notices, problems"),
        KeyBinding(.fold, .log, ["Enter"], "fold the phase or command, or unfold it"),
        KeyBinding(.foldAll, .log, ["-"], "fold all phases and commands"),
        KeyBinding(.unfoldAll, .log, ["="], "unfold all"),
        KeyBinding(
            .save, .log, ["s"], "save what the log shows to a file",
            flag: "mixpack build --ui plain IMAGE > FILE"),
        KeyBinding(.pager, .log, ["o"], "open the whole log in your pager", flag: "$PAGER LOG"),
    ]

    private static let imaging: [KeyBinding] = [
        KeyBinding(
            .run, .image, ["r"], hint: "run", "run the image on this terminal", flag: "docker run -it --rm IMAGE"),
        KeyBinding(
            .remote, .image, ["R"], hint: "remote", "open a shell on the running node",
            flag: "docker exec -it CONTAINER …/bin/RELEASE remote"),
        KeyBinding(.stop, .image, ["K"], "stop what runs", flag: "docker stop CONTAINER"),
        KeyBinding(
            .nextFacts, .image, ["i"], hint: "facts", "next: layer, processes, configuration, labels, packages, waste"),
        KeyBinding(
            .packages, .image, ["B"], "bill of materials: the applications in it, with versions",
            flag: "mixpack inspect --packages, --sbom"),
        KeyBinding(
            .compare, .image, ["P"], "compare layers and files with the image before, or not",
            flag: "mixpack inspect --compare previous"),
        KeyBinding(
            .waste, .image, ["W"], hint: "waste", "what is in the image twice or for nothing",
            flag: "mixpack inspect --ci"),
        KeyBinding(.export, .image, ["J"], "save the report as JSON", flag: "mixpack inspect --json"),
        KeyBinding(.openNode, .files, ["Enter", "l", "Right"], hint: "open", "open the folder or look at the file"),
        KeyBinding(.parent, .files, ["h", "Left"], "to the folder above"),
        KeyBinding(.foldNode, .files, ["Space"], "fold the folder, or unfold it"),
        KeyBinding(.foldNodes, .files, ["-"], "fold all folders"),
        KeyBinding(.unfoldNodes, .files, ["="], "unfold all folders"),
        KeyBinding(.showAdded, .files, ["A"], "show added files, or not"),
        KeyBinding(.showModified, .files, ["m"], "show modified files, or not"),
        KeyBinding(.showDeleted, .files, ["D"], "show deleted files, or not"),
        KeyBinding(.showUnmodified, .files, ["U"], "show unmodified files, or not"),
        KeyBinding(.aggregate, .files, ["c"], hint: "aggregate", "one layer, or all up to it"),
        KeyBinding(.sort, .files, ["S"], hint: "sort", "sort by size, name or change"),
        KeyBinding(.permissions, .files, ["p"], "show permissions and owners, or not"),
        KeyBinding(.view, .files, ["v"], hint: "view", "look at the file"),
        KeyBinding(
            .extract, .files, ["x"], "extract the file to the current folder", flag: "mixpack inspect --extract PATH"),
    ]
}
