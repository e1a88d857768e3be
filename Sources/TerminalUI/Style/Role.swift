/// What a piece of text is for; a theme says how that looks.
///
/// Views name roles, never colours.
///
/// A role without an entry in a theme looks like its parent (`log.error` like `log`), and at last like ``text``.
public struct Role: RawRepresentable, Hashable, Sendable {
    /// The name in theme files: lower-case words with dots between them.
    public let rawValue: String

    /// A role by its name; see ``all`` for the ones that themes define.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A role by its name, and what it is for.
    private init(_ name: String) {
        rawValue = name
    }

    /// The role one step more general, or nil for a role without a dot.
    public var parent: Role? {
        guard let dot = rawValue.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return Role(rawValue: String(rawValue[..<dot]))
    }
}

extension Role: CustomStringConvertible {
    /// The name.
    public var description: String { rawValue }
}

extension Role {
    /// Running text.
    public static let text = Role("text")
    /// Text of less weight: explanations, units, ages.
    public static let textDim = Role("text.dim")
    /// Text of more weight: names, totals.
    public static let textStrong = Role("text.strong")
    /// Something to type elsewhere: a command, a snippet, a path.
    public static let code = Role("text.code")
    /// An address that can be opened.
    public static let link = Role("text.link")
    /// A figure: sizes, times, counts.
    public static let number = Role("text.number")
    /// What stands in the place of a secret.
    public static let secret = Role("text.secret")
    /// A heading inside a pane.
    public static let heading = Role("heading")
    /// The top line of the screen.
    public static let header = Role("header")
    /// The name of the thing that is open, in the top line.
    public static let headerTitle = Role("header.title")
    /// A screen's name among the tabs.
    public static let tab = Role("tab")
    /// The tab of the screen that is shown.
    public static let tabActive = Role("tab.active")
    /// The frame of a pane.
    public static let border = Role("border")
    /// The frame of the pane that has the keys.
    public static let borderFocused = Role("border.focused")
    /// A pane's title.
    public static let borderTitle = Role("border.title")
    /// The title of the pane that has the keys.
    public static let borderTitleFocused = Role("border.title.focused")
    /// The counter at the right of a pane's frame.
    public static let borderCounter = Role("border.counter")
    /// The chosen row of the pane that has the keys.
    public static let listSelected = Role("list.selected")
    /// The chosen row of another pane.
    public static let listSelectedUnfocused = Role("list.selected.unfocused")
    /// Rows of a marked range.
    public static let listMarked = Role("list.marked")
    /// A row that cannot be chosen.
    public static let listDisabled = Role("list.disabled")
    /// The track of a scroll bar.
    public static let scrollbar = Role("scrollbar")
    /// The part of a scroll bar that shows where one is.
    public static let scrollbarThumb = Role("scrollbar.thumb")
    /// The lines and fold marks of a tree.
    public static let treeGuide = Role("tree.guide")
    /// A row of a tree that has rows below it.
    public static let treeBranch = Role("tree.branch")
    /// The text in a field.
    public static let field = Role("field")
    /// The text in the field that has the keys.
    public static let fieldFocused = Role("field.focused")
    /// What an empty field says.
    public static let fieldPlaceholder = Role("field.placeholder")
    /// Text in a field that is not accepted.
    public static let fieldInvalid = Role("field.invalid")
    /// A dialog or overlay.
    public static let dialog = Role("dialog")
    /// A dialog's frame.
    public static let dialogBorder = Role("dialog.border")
    /// A dialog's title.
    public static let dialogTitle = Role("dialog.title")
    /// A choice in a dialog.
    public static let button = Role("button")
    /// The choice in a dialog that Enter takes.
    public static let buttonActive = Role("button.active")
    /// A key in the footer or in help.
    public static let hintKey = Role("hint.key")
    /// What a key does.
    public static let hintText = Role("hint.text")
    /// The line of messages above the footer.
    public static let status = Role("status")
    /// A mode that changes what keys do: filter, range, paused.
    public static let statusMode = Role("status.mode")
    /// The part of a progress bar that is done.
    public static let progressDone = Role("progress.done")
    /// The part of a progress bar that is to come.
    public static let progressRest = Role("progress.rest")
    /// Not begun yet.
    public static let statePending = Role("state.pending")
    /// Going on now.
    public static let stateRunning = Role("state.running")
    /// Ended well.
    public static let stateOK = Role("state.ok")
    /// Ended well, but look at it.
    public static let stateWarning = Role("state.warning")
    /// Failed.
    public static let stateFailed = Role("state.failed")
    /// Left out.
    public static let stateSkipped = Role("state.skipped")
    /// New.
    public static let diffAdded = Role("diff.added")
    /// Changed.
    public static let diffModified = Role("diff.modified")
    /// Removed.
    public static let diffRemoved = Role("diff.removed")
    /// As before.
    public static let diffUnchanged = Role("diff.unchanged")
    /// A line of a log.
    public static let log = Role("log")
    /// A line of a log that only a search for a cause needs.
    public static let logDebug = Role("log.debug")
    /// A warning in a log.
    public static let logWarning = Role("log.warning")
    /// An error in a log.
    public static let logError = Role("log.error")
    /// A heading in a log: a phase, a command.
    public static let logHeading = Role("log.heading")
    /// The time in front of a log line.
    public static let logTime = Role("log.time")
    /// Who wrote a log line.
    public static let logSource = Role("log.source")
    /// What a search found.
    public static let searchMatch = Role("search.match")
    /// What a search found, where one is.
    public static let searchCurrent = Role("search.current")

    /// Every role that a theme may define, in the order of `theme --dump`.
    public static let all: [Role] = [
        .text, .textDim, .textStrong, .code, .link, .number, .secret, .heading, .header, .headerTitle, .tab, .tabActive,
        .border, .borderFocused, .borderTitle, .borderTitleFocused, .borderCounter, .listSelected,
        .listSelectedUnfocused, .listMarked, .listDisabled, .scrollbar, .scrollbarThumb, .treeGuide, .treeBranch,
        .field, .fieldFocused, .fieldPlaceholder, .fieldInvalid, .dialog, .dialogBorder, .dialogTitle, .button,
        .buttonActive, .hintKey, .hintText, .status, .statusMode, .progressDone, .progressRest, .statePending,
        .stateRunning, .stateOK, .stateWarning, .stateFailed, .stateSkipped, .diffAdded, .diffModified, .diffRemoved,
        .diffUnchanged, .log, .logDebug, .logWarning, .logError, .logHeading, .logTime, .logSource, .searchMatch,
        .searchCurrent,
    ]
}
